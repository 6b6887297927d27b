// Finds what a source lacks: every kind has one folder with the same pieces, and one line in kinds.ts.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { faultGaps } from './faults.mjs';

/** What every folder of a kind holds. */
const PIECES = ['index.ts', 'config.ts', 'source.ts', 'source.test.ts', 'testing/conformance.ts', 'README.md'];

/** What the folder of a kind holds that a mapping describes: it has no code of its own. */
const MAPPING_PIECES = ['index.ts', 'mapping.ts', 'shapes.ts', 'testing/conformance.ts', 'README.md'];

/** What its responses must be; not of the run API, of a mapping of the user or of a database, each of which has a strict reader of its own. */
const SHAPES = 'shapes.ts';
const SHAPELESS = new Set(['runs', 'http', 'sql']);

/** What the folder of a kind holds that reads the tables of a system by a preset. */
const PRESET_PIECES = ['index.ts', 'preset.ts', 'testing/conformance.ts', 'testing/database.ts', 'README.md'];

/** Folders that several sources share, and what is read from files. */
const SHARED = new Set(['reading', 'testing', 'stored']);

/**
 * One line for each missing piece.
 *
 * @param folder the absolute path of `core/src/sources`.
 * @param kinds the descriptors in the registry.
 */
export function findSourceGaps(folder, kinds) {
  const folders = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !SHARED.has(entry.name))
    .map(({ name }) => name);
  const registered = new Map(kinds.map((kind) => [kind.kind, kind]));
  const lines = new Set(readFileSync(join(folder, 'kinds.ts'), 'utf8').split('\n'));
  return [
    ...folders.filter((name) => !registered.has(name)).map((name) => `${name}: no kind of this name is registered`),
    ...kinds.flatMap((kind) => gapsOf(folder, kind, lines).map((gap) => `${kind.kind}: ${gap}`)),
  ];
}

function gapsOf(folder, { kind, presetOf, capabilities }, lines) {
  const has = (piece) => existsSync(join(folder, kind, piece));
  const pieces =
    presetOf !== undefined
      ? PRESET_PIECES
      : has('mapping.ts') && !has('source.ts')
        ? MAPPING_PIECES
        : SHAPELESS.has(kind)
          ? PIECES
          : [...PIECES, SHAPES];
  const gaps = [...pieces.filter((piece) => !has(piece)).map((piece) => `has no ${piece}`), ...faultGaps(folder, kind)];
  if (!lines.has(`export * from './${kind}/index.js';`)) gaps.push('is not registered in kinds.ts in one line');
  const proved = capabilities.provedLive !== false;
  if (has('live.mjs') && !proved)
    gaps.push('has a live test, but its descriptor says that it never met the real system');
  if (proved && !has('live.mjs') && !has('README.md')) gaps.push('claims a live proof that nothing documents');
  if (!proved && has('README.md') && !/never met a real/i.test(readFileSync(join(folder, kind, 'README.md'), 'utf8'))) {
    gaps.push('never met the real system, and its README.md does not say "never met a real …"');
  }
  return gaps;
}
