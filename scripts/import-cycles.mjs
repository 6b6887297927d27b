// Finds import cycles. Type-only and dynamic imports count: to understand one module of a cycle you must read all of them.
// The linter has a rule for this, but it does not follow dynamic imports.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseSync } from 'oxc-parser';
import { entryPoints, root } from './workspace.mjs';

const FOLDERS = ['packages', 'demo', 'bench', 'scripts'];
const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', 'fixtures']);
const MODULE = /\.(?:ts|tsx|mts|mjs)$/;
const DECLARATION = /\.d\.m?ts$/;

/** One line for each cycle below a folder: its modules in order, the first repeated at the end. */
export function findImportCycles(folder = root, folders = FOLDERS) {
  const files = folders.flatMap((name) => modulesIn(join(folder, name))).toSorted((a, b) => (a < b ? -1 : 1));
  const imports = new Map(files.map((file) => [file, importsOf(file)]));
  return cyclesOf(imports).map((cycle) =>
    [...cycle, cycle[0]].map((file) => relative(folder, file).replaceAll('\\', '/')).join(' -> '),
  );
}

function modulesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED_FOLDERS.has(entry.name) ? [] : modulesIn(path);
    return MODULE.test(entry.name) && !DECLARATION.test(entry.name) ? [path] : [];
  });
}

function importsOf(file) {
  const source = readFileSync(file, 'utf8');
  const { module, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} does not parse: ${errors[0].message}`);
  const { staticImports, staticExports, dynamicImports } = module;
  const specifiers = [
    ...staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? [])),
    ...dynamicImports.flatMap(({ moduleRequest: { start, end } }) => literalIn(source.slice(start, end))),
  ];
  return new Set(specifiers.flatMap((specifier) => fileOf(specifier, file)));
}

/** The text of a plain string literal; a computed specifier has none. */
function literalIn(expression) {
  return /^(['"])(.*)\1$/s.exec(expression)?.[2] ?? [];
}

function fileOf(specifier, importer) {
  const entry = entryPoints.find((one) => one.specifier === specifier);
  if (entry !== undefined) return entry.source;
  if (!specifier.startsWith('.')) return [];
  const path = resolve(dirname(importer), specifier);
  return [path, path.replace(/\.js$/, '.ts'), path.replace(/\.js$/, '.tsx')].find((one) => existsSync(one)) ?? [];
}

/** A shortest cycle through each module that lies on one, every cycle once. */
function cyclesOf(imports) {
  const cycles = new Map();
  for (const start of imports.keys()) {
    const cycle = shortestWayBack(start, imports);
    if (cycle === undefined) continue;
    const members = cycle.toSorted((a, b) => (a < b ? -1 : 1)).join('\n');
    if (!cycles.has(members)) cycles.set(members, cycle);
  }
  return [...cycles.values()];
}

function shortestWayBack(start, imports) {
  const cameFrom = new Map();
  const queue = [start];
  for (const file of queue) {
    for (const next of imports.get(file) ?? []) {
      if (next === start) return wayTo(file, cameFrom);
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, file);
      queue.push(next);
    }
  }
  return undefined;
}

function wayTo(file, cameFrom) {
  const way = [];
  for (let at = file; at !== undefined; at = cameFrom.get(at)) way.unshift(at);
  return way;
}
