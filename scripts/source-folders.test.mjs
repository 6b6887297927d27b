import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { faultTable } from './faults.mjs';
import { findSourceGaps } from './source-folders.mjs';

let folder;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tardy-sources-'));
  put('kinds.ts', "export * from './acme/index.js';\n");
  for (const piece of ['index.ts', 'config.ts', 'source.ts', 'source.test.ts', 'shapes.ts', 'testing/conformance.ts']) {
    put(`acme/${piece}`, '');
  }
  put('acme/README.md', 'It never met a real Acme.');
  put('acme/faults.md', faults());
});

afterEach(() => rmSync(folder, { recursive: true }));

function put(path, text) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** A table of faults, with other text in the cell of one kind. */
function faults(number, text) {
  const cell = (index) => (index === number ? text : 'cannot happen: Acme has no such thing');
  return Array.from({ length: 15 }, (_, index) => `| ${index + 1} Kind | ${cell(index + 1)} |\n`).join('');
}

const kind = (provedLive) => ({ kind: 'acme', capabilities: { provedLive } });

it('finds nothing where all pieces are there', () => {
  expect(findSourceGaps(folder, [kind(false)])).toEqual([]);
});

it.each([
  'index.ts',
  'config.ts',
  'source.ts',
  'source.test.ts',
  'shapes.ts',
  'testing/conformance.ts',
  'README.md',
  'faults.md',
])('names a missing %s', (piece) => {
  rmSync(join(folder, 'acme', piece));
  expect(findSourceGaps(folder, [kind(false)])).toEqual([`acme: has no ${piece}`]);
});

it.each(['', 'handled', 'maybe: it depends', 'not visible: say why'])(
  'names an empty cell of the faults: "%s"',
  (text) => {
    put('acme/faults.md', faults(9, text));
    expect(findSourceGaps(folder, [kind(false)])).toEqual([
      'acme: faults.md does not say of kind 9 that it is handled, cannot happen or is not visible',
    ]);
  },
);

it('sums up the faults of all systems', () => {
  put('acme/faults.md', faults(2, 'handled: a test'));
  const table = faultTable(folder, [{ kind: 'acme', title: 'Acme' }], (name) => `${name}/faults.md`);
  expect(table).toContain('● handled, – cannot happen, ○ not visible');
  expect(table).toContain('| [Acme](acme/faults.md) | – | ● | – |');
});

it('asks a kind that a mapping describes for its mapping, and for no code', () => {
  put('acme/mapping.ts', '');
  for (const piece of ['config.ts', 'source.ts', 'source.test.ts']) rmSync(join(folder, 'acme', piece));
  expect(findSourceGaps(folder, [kind(false)])).toEqual([]);
  rmSync(join(folder, 'acme/testing/conformance.ts'));
  expect(findSourceGaps(folder, [kind(false)])).toEqual(['acme: has no testing/conformance.ts']);
});

it('names a folder that is not registered', () => {
  put('other/index.ts', '');
  put('reading/body.ts', '');
  expect(findSourceGaps(folder, [kind(false)])).toEqual(['other: no kind of this name is registered']);
});

it('names a kind that has more than one line in kinds.ts, or none', () => {
  put('kinds.ts', "export {\n  acme,\n} from './acme/index.js';\n");
  expect(findSourceGaps(folder, [kind(false)])).toEqual(['acme: is not registered in kinds.ts in one line']);
});

it('holds the page, the live test and the descriptor to each other', () => {
  put('acme/README.md', 'Acme.');
  expect(findSourceGaps(folder, [kind(false)])).toEqual([
    'acme: never met the real system, and its README.md does not say "never met a real …"',
  ]);
  put('acme/live.mjs', '');
  expect(findSourceGaps(folder, [kind('Acme 3')])).toEqual([]);
  expect(findSourceGaps(folder, [kind(false)])[0]).toContain('has a live test');
});
