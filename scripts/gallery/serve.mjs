import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { entryPoints, partSource, root } from '../workspace.mjs';

const folder = join(root, 'demo/gallery');
const examplesFolder = join(root, 'packages/elements/examples');

/** Builds the gallery from the sources and serves it, and the example of each element at its name; the pages need nothing else. */
export async function serveGallery(port = 0) {
  const { outputFiles } = await build({
    entryPoints: { gallery: join(folder, 'gallery.ts'), define: join(root, 'packages/elements/src/define.ts') },
    outdir: folder,
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    // Lit reports problems only in a development build, and the gallery should show them.
    logLevel: 'silent',
    plugins: [packagesFromSource],
  });
  const files = {
    '/': ['text/html', readFileSync(join(folder, 'index.html'))],
    '/gallery.css': ['text/css', readFileSync(join(folder, 'gallery.css'))],
    ...Object.fromEntries(
      outputFiles.map(({ path, contents }) => [`/${basename(path)}`, ['text/javascript', contents]]),
    ),
    ...Object.fromEntries(
      readdirSync(examplesFolder).map((name) => [`/${basename(name, '.html')}`, ['text/html', examplePage(name)]]),
    ),
  };
  const server = createServer(({ url }, response) => {
    const [type, body] = files[new URL(url ?? '/', 'http://localhost').pathname] ?? [];
    if (body === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' }).end(body);
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** The example as it stands in the documentation. What it imports is what the gallery has built. */
function examplePage(name) {
  const tag = basename(name, '.html');
  const imports = { [`@tardy/elements/${tag}/define`]: '/define.js' };
  const head = `<!doctype html><html lang="en"><title>${tag}</title><style>:root { color-scheme: light dark; }</style>`;
  return `${head}<script type="importmap">${JSON.stringify({ imports })}</script>${readFileSync(join(examplesFolder, name), 'utf8')}`;
}

const packagesFromSource = {
  name: 'packages-from-source',
  setup({ onResolve }) {
    onResolve({ filter: /^#parts\// }, ({ path }) => ({ path: partSource(path, 'browser') }));
    onResolve({ filter: /^@tardy\// }, ({ path }) => {
      const entry = entryPoints.find(({ specifier }) => specifier === path);
      return entry === undefined ? undefined : { path: entry.source };
    });
  },
};
