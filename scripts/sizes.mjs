// Measures the size that a page loads for each entry of sizes.json: bundled from the built packages, minified by terser, gzip -9.
//
// An entry has `code` with what is left out of its bundle as `external`, or is a built `file`. `limitGzipBytes` is what the
// check holds it to; if that exceeds our goal, `target` says the goal.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { minifyModule } from './minify.mjs';
import { entryPoints, root } from './workspace.mjs';

/** The built file behind each of our specifiers, as a consumer gets it. */
const builtPackages = {
  name: 'built-packages',
  setup({ onResolve }) {
    onResolve({ filter: /^@tardy\// }, ({ path, kind }) => {
      const entry = entryPoints.find(({ specifier }) => specifier === path);
      if (entry === undefined || kind === 'entry-point') return undefined;
      return { path: entry.output, sideEffects: path.endsWith('/define') };
    });
  },
};

/** What is loaded late is no part of what a page loads first. */
const loadedLater = {
  name: 'loaded-later',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ path, kind }) => (kind === 'dynamic-import' ? { path, external: true } : undefined));
  },
};

/** Measures every entry; `bytes` is undefined, with a `problem`, when it cannot be bundled. */
export async function measureSizes() {
  const entries = JSON.parse(readFileSync(join(root, 'sizes.json'), 'utf8'));
  return Promise.all(entries.map(async (entry) => ({ ...entry, ...(await measure(entry)) })));
}

async function measure({ code, external = [], file }) {
  try {
    if (file !== undefined) return { bytes: gzippedBytes(readFileSync(join(root, file))) };
    const { outputFiles } = await build({
      stdin: { contents: code, resolveDir: join(root, 'packages/elements'), sourcefile: 'entry.js' },
      // An external package includes its subpaths.
      external: external.flatMap((name) => [name, `${name}/*`]),
      plugins: [loadedLater, externalFirst(external), builtPackages],
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      target: 'es2022',
      legalComments: 'none',
      logLevel: 'silent',
    });
    return { bytes: gzippedBytes(await minifyModule(outputFiles[0].text)) };
  } catch (error) {
    return { bytes: undefined, problem: error instanceof Error ? error.message : String(error) };
  }
}

function gzippedBytes(contents) {
  return gzipSync(contents, { level: 9 }).length;
}

/** Our own packages can be external as well: the shell of an element is measured without the core. */
function externalFirst(external) {
  return {
    name: 'external-first',
    setup({ onResolve }) {
      onResolve({ filter: /^@tardy\// }, ({ path }) =>
        external.some((name) => path === name || path.startsWith(`${name}/`)) ? { path, external: true } : undefined,
      );
    },
  };
}

/** The measurements as an aligned table. */
export function sizeTable(sizes) {
  const rows = [
    ['name', 'gzip bytes', 'limit', 'left', 'target'],
    ...sizes.map(({ name, bytes, limitGzipBytes, target = limitGzipBytes }) => [
      name,
      String(bytes ?? '?'),
      String(limitGzipBytes),
      bytes === undefined ? '?' : String(limitGzipBytes - bytes),
      bytes === undefined || bytes <= target ? String(target) : `${target} (${bytes - target} over)`,
    ]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))))
    .map((cells) => cells.join('  ').trimEnd())
    .join('\n');
}
