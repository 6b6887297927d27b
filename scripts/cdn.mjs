// The files of the elements for pages without a build: one that loads the rest when it is needed, that rest, and one with everything.
//
// A part is bundled without what the main file holds already; it finds that in an array on `globalThis`, whose name holds a digest of
// the main file. So a part never meets another version, and the main file may have any URL (with a query, or another name).
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import { parseSync } from 'oxc-parser';
import { minifyModule } from './minify.mjs';
import { root } from './workspace.mjs';

const directory = join(root, 'packages/elements');
const MAIN = 'tardy-elements.min.js';
const ALL = 'tardy-elements.all.min.js';
/** Beside the main file; of its parts. */
const FOLDER = 'tardy-elements';
/** Stands for the modules of the main file in a part. */
const SHARED = 'shared:';

const common = {
  absWorkingDir: directory,
  bundle: true,
  metafile: true,
  write: false,
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
  logLevel: 'silent',
};

/** Writes the files into `dist`; returns the modules that they hold. */
export async function buildCdnFiles(banner) {
  const all = await bundle(`export * from './dist/cdn.js';`, [partsOf('node')], 'inline');
  const first = await bundle(`export * from './dist/cdn.js';`, [loadedLater()]);
  const main = modulesOf(first);
  const key = `tardy.shared/${createHash('sha256').update(first.text).digest('hex').slice(0, 12)}`;
  const parts = await Promise.all(
    first.later.map(async (path) => ({
      name: basename(path),
      text: (await bundle(`export * from '${path}';`, [without(main)])).text,
    })),
  );
  const shared = sharedNames(parts);
  const final = await bundle(mainEntry(shared, key), [loadedLater()], 'inline');
  const dist = join(directory, 'dist');
  rmSync(join(dist, FOLDER), { recursive: true, force: true });
  mkdirSync(join(dist, FOLDER));
  const write = async (path, text, top = '') =>
    writeFileSync(join(dist, path), `${top}${await minifyModule(text, true)}\n`);
  await write(MAIN, final.text, `${banner}\n`);
  await write(ALL, all.text, `${banner}\n`);
  for (const { name, text } of parts) await write(join(FOLDER, name), withShared(text, shared, key));
  return [...all.inputs, ...final.inputs];
}

/** The files below `dist` that a page loads, the main file first. */
export function cdnFiles() {
  return [MAIN, ALL, ...readdirSync(join(directory, 'dist', FOLDER)).map((name) => `${FOLDER}/${name}`)];
}

async function bundle(contents, plugins, legalComments = 'none') {
  const later = [];
  const { outputFiles, metafile } = await build({
    ...common,
    legalComments,
    stdin: { contents, resolveDir: directory },
    plugins: plugins.map((plugin) => plugin(later)),
  });
  const [{ inputs }] = Object.values(metafile.outputs);
  const used = Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0);
  return { text: outputFiles[0].text, inputs: Object.keys(metafile.inputs), used, later };
}

/** Reads the parts from the start. */
function partsOf(platform) {
  return () => ({
    name: 'parts',
    setup({ onResolve }) {
      onResolve({ filter: /^#parts\// }, ({ path }) => ({
        path: join(directory, `dist/parts/${platform}/${path.slice(7)}.js`),
      }));
    },
  });
}

/** Leaves out what is imported late, and lists it. */
function loadedLater() {
  return (later) => ({
    name: 'loaded-later',
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ path, kind, resolveDir }) => {
        if (kind !== 'dynamic-import') return undefined;
        const file = join(resolveDir, path);
        if (!later.includes(file)) later.push(file);
        return { path: `./${FOLDER}/${basename(file)}`, external: true };
      });
    },
  });
}

/** The modules of a bundle, each with the exports that are in it. */
function modulesOf({ used, text }) {
  const sections = new Map(text.split(/^\/\/ (?=\S+\.js$)/m).map((section) => [section.split('\n', 1)[0], section]));
  const modules = new Map();
  for (const path of used.filter((one) => one !== '<stdin>')) {
    const file = join(directory, path);
    const names = exportsOf(file);
    const section = sections.get(path) ?? '';
    // What Lit publishes has short names inside.
    const isHere = (name) =>
      path.includes('node_modules') ||
      new RegExp(`^(?:async )?(?:function|class|const|let|var) ${name}\\d*\\b`, 'm').test(section);
    modules.set(file, {
      here: names.filter(isHere),
      missing: names.filter((name) => !isHere(name)),
      others: starsOf(file),
    });
  }
  return modules;
}

function exportsOf(file) {
  const { staticExports } = parseSync(file, readFileSync(file, 'utf8')).module;
  return staticExports.flatMap(({ entries }) => entries.flatMap(({ exportName }) => exportName.name ?? []));
}

/** What a module exports all of. */
function starsOf(file) {
  const { staticExports } = parseSync(file, readFileSync(file, 'utf8')).module;
  return staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ exportName, moduleRequest }) => (exportName.name === null ? moduleRequest.value : [])),
  );
}

/** Imports what the main file holds from there, by name. */
function without(main) {
  return () => ({
    name: 'without-the-main-file',
    setup({ onResolve, onLoad, resolve }) {
      onResolve({ filter: /^shared:/ }, ({ path }) => ({ path, external: true, sideEffects: false }));
      onResolve({ filter: /^copy:/ }, ({ path }) => ({ path: path.slice(5), sideEffects: false }));
      onResolve({ filter: /./ }, async ({ path, pluginData, ...rest }) => {
        if (pluginData === 'resolved' || rest.kind === 'entry-point') return undefined;
        const found = await resolve(path, { ...rest, pluginData: 'resolved' });
        return main.has(found.path) ? { path: found.path, namespace: 'mixed' } : found;
      });
      onLoad({ filter: /./, namespace: 'mixed' }, ({ path }) => {
        const { here, missing, others } = main.get(path);
        const from = (names, prefix) =>
          names.length === 0 ? '' : `export { ${names.join(', ')} } from ${JSON.stringify(prefix + path)};\n`;
        const rest = others.map((specifier) => `export * from ${JSON.stringify(specifier)};\n`).join('');
        return { contents: from(here, SHARED) + from(missing, 'copy:') + rest, resolveDir: dirname(path) };
      });
    },
  });
}

/** What the parts use of the main file: `<module> <name>`. */
function sharedNames(parts) {
  const names = parts.flatMap(({ text }) => importsOf(text).map(({ from, name }) => `${from} ${name}`));
  return [...new Set(names)].toSorted((a, b) => (a < b ? -1 : 1));
}

/** What a part imports and uses: the bundler leaves in what it does not. */
function importsOf(text) {
  const { staticImports } = parseSync('part.js', text).module;
  const words = new Set(withoutImports(text).split(/[^\w$]+/));
  return staticImports.flatMap(({ moduleRequest, entries }) => {
    if (!moduleRequest.value.startsWith(SHARED)) throw new Error(`A part imports ${moduleRequest.value}.`);
    const from = moduleRequest.value.slice(SHARED.length);
    const all = entries.map(({ importName, localName }) => ({ from, name: importName.name, as: localName.value }));
    return all.filter(({ as }) => words.has(as));
  });
}

function withoutImports(text) {
  const { staticImports } = parseSync('part.js', text).module;
  return staticImports.toReversed().reduce((code, { start, end }) => code.slice(0, start) + code.slice(end), text);
}

function mainEntry(shared, key) {
  const imports = shared.map((one, index) => {
    const [, from, name] = /^(.*) (\S+)$/.exec(one);
    return `import { ${name} as s${index} } from ${JSON.stringify(from)};`;
  });
  const list = shared.map((_, index) => `s${index}`).join();
  return `${imports.join('\n')}\nexport * from './dist/cdn.js';\nglobalThis[Symbol.for('${key}')] = [${list}];`;
}

/** A part that takes from the array what it imported. */
function withShared(text, shared, key) {
  const names = importsOf(text).map(({ from, name, as }) => `${as} = s[${shared.indexOf(`${from} ${name}`)}]`);
  const rest = withoutImports(text);
  return names.length === 0 ? rest : `const s = globalThis[Symbol.for('${key}')], ${names.join(', ')};\n${rest}`;
}
