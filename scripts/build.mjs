// Builds every package into its dist/, or the steps named as arguments: the compiler for the libraries, esbuild for what
// ships as a bundle.
import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { buildCdnFiles, cdnFiles } from './cdn.mjs';
import { minifyLiterals } from './literals.mjs';
import { thirdPartyLicenses } from './third-party.mjs';
import { runTool } from './tool.mjs';
import { entryPoints, root } from './workspace.mjs';

/** What the command line needs before it can run as a module beside code that still calls `require`. */
const REQUIRE_BANNER =
  "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);";

/** Where there is no browser, the CDN file defines nothing, and does not fail: Lit wants these as soon as it is loaded. */
const NO_BROWSER_BANNER =
  'var{HTMLElement=class{},document={createTreeWalker(){}},customElements={get:()=>HTMLElement}}=globalThis;';

/** Reads our own packages from their sources: a bundle never holds a stale build. */
const packagesFromSource = {
  name: 'packages-from-source',
  setup({ onResolve }) {
    onResolve({ filter: /^@tardy\// }, ({ path }) => {
      const entry = entryPoints.find(({ specifier }) => specifier === path);
      return entry === undefined ? undefined : { path: entry.source };
    });
  },
};

const steps = { libraries: buildLibraries, cdn: buildCdnFile, cli: buildCommandLine, demo: buildDemo };

/** The names given as arguments, or all. */
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(steps);

let failed = false;
for (const name of wanted) {
  try {
    const detail = await steps[name]();
    process.stdout.write(`built ${name}${detail ? `: ${detail}` : ''}\n`);
  } catch (error) {
    failed = true;
    process.stderr.write(`Could not build ${name}.\n${error instanceof Error ? error.message : String(error)}\n`);
  }
}
process.exitCode = failed ? 1 : 0;

async function buildLibraries() {
  const { ok, detail } = runTool('tsc', [
    '-b',
    'packages/core',
    'packages/core/tsconfig.edge.json',
    'packages/elements',
  ]);
  if (!ok) throw new Error(detail);
  await minifyLiterals();
}

async function buildCommandLine() {
  const directory = join(root, 'packages/cli');
  const { version, peerDependencies } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  for (const name of existsSync(join(directory, 'dist')) ? readdirSync(join(directory, 'dist')) : []) {
    // Chunks carry a hash in their name: old ones would pile up and be published.
    if (name.endsWith('.mjs')) rmSync(join(directory, 'dist', name));
  }
  const { metafile } = await build({
    absWorkingDir: directory,
    entryPoints: ['src/main.ts'],
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    minify: true,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: REQUIRE_BANNER },
    // Drivers of databases that only some users need, and the native twin that pg looks for.
    external: [...Object.keys(peerDependencies), 'pg-native'],
    define: { TARDY_VERSION: JSON.stringify(version) },
    legalComments: 'none',
    logLevel: 'silent',
    plugins: [packagesFromSource],
  });
  writeFileSync(
    join(directory, 'dist/THIRD-PARTY-LICENSES.txt'),
    thirdPartyLicenses(directory, Object.keys(metafile.inputs)),
  );
  await buildPageFiles(directory);
  return `${Object.keys(metafile.outputs).length} files`;
}

/** What the command line sends to browsers: its own page code, and the elements as the file that any page can load. */
async function buildPageFiles(directory) {
  const elements = join(root, 'packages/elements/dist');
  if (!wanted.includes('cdn')) await buildCdnFile();
  const { metafile } = await build({
    absWorkingDir: directory,
    entryPoints: {
      page: 'src/serve/client/page.ts',
      'page-style': 'src/serve/client/page.css',
      report: 'src/report/client/report-page.ts',
      'report-style': 'src/report/client/report.css',
    },
    outdir: 'dist/page',
    bundle: true,
    minify: true,
    metafile: true,
    format: 'esm',
    // `light-dark()` and nesting stay as they are: the elements need as much.
    target: ['es2022', 'chrome125', 'firefox125', 'safari17.5'],
    legalComments: 'none',
    logLevel: 'silent',
    plugins: [packagesFromSource],
  });
  const foreign = Object.keys(metafile.inputs).filter((path) => path.includes('node_modules'));
  if (foreign.length > 0)
    throw new Error(`The page code holds packages whose licences are not listed: ${foreign.join(', ')}`);
  copyFileSync(join(elements, 'tardy-elements.all.min.js'), join(directory, 'dist/page/elements.js'));
  copyFileSync(join(elements, 'THIRD-PARTY-LICENSES.txt'), join(directory, 'dist/page/THIRD-PARTY-LICENSES.txt'));
}

/** Bundles the built modules, not the sources: the templates have to be those that hosts render on a server. */
async function buildCdnFile() {
  if (!wanted.includes('libraries')) await buildLibraries();
  const directory = join(root, 'packages/elements');
  const inputs = await buildCdnFiles(NO_BROWSER_BANNER);
  writeFileSync(join(directory, 'dist/THIRD-PARTY-LICENSES.txt'), thirdPartyLicenses(directory, inputs));
  return cdnFiles().join(', ');
}

async function buildDemo() {
  const { ok, detail } = runTool('tsc', ['-b', 'demo']);
  if (!ok) throw new Error(detail);
  if (!existsSync(join(root, 'demo/vite.config.ts'))) return 'no pages, there is no vite.config.ts';
  const pages = runTool('vite', ['build', 'demo', '--logLevel', 'warn']);
  if (!pages.ok) throw new Error(pages.detail);
  return pages.detail.trim();
}
