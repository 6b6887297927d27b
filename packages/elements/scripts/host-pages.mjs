// Pages of hosts for the tests of the elements. A middleware of the test runner.
//
//   GET /host-bundle/<path below src>     that module and its imports as one bundle, like a host's own build
//   GET /host-example/<tag>               the example of the documentation, as a page
//   GET /host-server                      the elements drawn by a server, and a script that wakes them up
//   GET /host-react                       a page that React has drawn on a server, and a script that hydrates it
//   GET /host-server?policy=strict        the same, on a page that allows nothing but its own files
//   GET /host-server?policy=nonce         the same, with a nonce for the styles that the server drew
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { entryPoints, partSource } from '../../../scripts/workspace.mjs';
import { STRICT_POLICY } from './scripted-api.mjs';

const directory = fileURLToPath(new URL('..', import.meta.url));

const packagesFromSource = (platform) => ({
  name: 'packages-from-source',
  setup({ onResolve }) {
    onResolve({ filter: /^#parts\// }, ({ path }) => ({ path: partSource(path, platform) }));
    onResolve({ filter: /^@tardy\// }, ({ path }) => {
      const entry = entryPoints.find(({ specifier }) => specifier === path);
      return entry === undefined ? undefined : { path: entry.source };
    });
  },
});

/** Makes the middleware. */
export function hostPages() {
  const bundles = new Map();
  const bundleOf = (path) => {
    if (!bundles.has(path)) bundles.set(path, browserBundle(path));
    return bundles.get(path);
  };
  return async (context, next) => {
    const [, kind, rest] = /^\/host-(bundle|example|server|react)\/?([^?]*)/.exec(context.path) ?? [];
    if (kind === undefined) return next();
    context.type = kind === 'bundle' ? 'js' : 'html';
    if (kind === 'bundle') context.body = await bundleOf(rest);
    else if (kind === 'example') context.body = await examplePage(rest);
    else if (kind === 'react') context.body = await reactPage();
    else strictly(context, await serverPage());
  };
}

/** Sends a page, under the policy that is asked for. */
function strictly(context, page) {
  const { policy } = context.query;
  context.body = page;
  if (policy === 'strict') context.set('content-security-policy', STRICT_POLICY);
  if (policy !== 'nonce') return;
  const nonce = randomUUID();
  context.body = page.replaceAll('<style>', `<style nonce="${nonce}">`);
  context.set('content-security-policy', STRICT_POLICY.replace("style-src 'self'", `$& 'nonce-${nonce}'`));
}

async function browserBundle(path) {
  const { outputFiles } = await build({
    absWorkingDir: directory,
    entryPoints: [`src/${path}`],
    jsx: 'automatic',
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"', __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false' },
    logLevel: 'silent',
    plugins: [packagesFromSource('browser')],
  });
  return outputFiles[0].text;
}

async function examplePage(tag) {
  const example = await readFile(`${directory}/examples/${tag}.html`, 'utf8');
  const imports = { [`@tardy/elements/${tag}/define`]: `/host-bundle/${tag}/define.ts` };
  return `<!doctype html><html lang="en"><title>${tag}</title><script type="importmap">${JSON.stringify({ imports })}</script>${example}`;
}

async function serverPage() {
  const server = await import(`${pathToFileURL(await builtForServer('test-server-page.ts')).href}?${Date.now()}`);
  return `<!doctype html><html lang="en"><title>Server</title><script src="/host-bundle/hosts/test-strict-page.ts"></script>${await server.serverPage()}<script type="module" src="/host-bundle/hosts/test-hydrate-page.ts"></script>`;
}

/** Drawn by a process of its own: what React leaves in the globals of a server would end the test runner. */
async function reactPage() {
  const module = pathToFileURL(await builtForServer('test-react-server-page.tsx')).href;
  const script = `import { reactPage } from ${JSON.stringify(module)}; process.stdout.write(reactPage());`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  return `<!doctype html><html lang="en"><title>React</title><div id="root">${stdout}</div><script type="module" src="/host-bundle/hosts/test-react-hydrate-page.tsx"></script>`;
}

/** Bundles a module of the tests for Node; returns its file. */
async function builtForServer(name) {
  const cache = `${directory}/node_modules/.cache`;
  await mkdir(cache, { recursive: true });
  const outfile = `${cache}/${name}.mjs`;
  await build({
    absWorkingDir: directory,
    entryPoints: [`src/hosts/${name}`],
    outfile,
    jsx: 'automatic',
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['lit', 'lit/*', '@lit-labs/*', '@lit/*', 'react', 'react-dom', 'react/*', 'react-dom/*'],
    logLevel: 'silent',
    plugins: [packagesFromSource('node')],
  });
  return outfile;
}
