import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runTool } from './tool.mjs';
import { root } from './workspace.mjs';

const PASSING = {
  'a list that is written out': 'for (const one of [1, 2]) expect(one).toBe(1);',
  'a constant table': 'for (const one of CASES) expect(one).toBe(1);',
  'a list of which the length is asserted':
    'expect(rows).toHaveLength(2); for (const row of rows) expect(row).toBe(1);',
  'entries of what is asserted': 'expect(all.size).toBe(2); for (const [, one] of all.entries()) expect(one).toBe(1);',
  'turns that are counted': 'let n = 0; for (const row of rows) { n++; expect(row).toBe(1); } expect(n).toBe(2);',
  'a declared list': "const names = ['a']; for (const name of names) expect(name).toBe('a');",
  'no assertion': 'for (const row of rows) use(row);',
};

const FAILING = {
  'a list that may be empty': 'for (const row of rows) expect(row).toBe(1);',
  'a filtered list': 'for (const row of rows.filter(Boolean)) expect(row).toBe(1);',
  'a list that is declared empty': 'const rows = []; fill(rows); for (const row of rows) expect(row).toBe(1);',
  'copies of what may be empty': 'for (const row of [...rows]) expect(row).toBe(1);',
  forEach: 'rows.forEach((row) => expect(row).toBe(1));',
  'an assertion of something else': 'expect(other).toBe(1); for (const row of rows) expect(row).toBe(1);',
};

describe('tardy/asserted-loop', () => {
  let folder;
  let found;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tardy-lint-'));
    const config = {
      jsPlugins: [join(root, 'scripts/oxlint-plugin.mjs')],
      categories: { correctness: 'off' },
      rules: { 'tardy/asserted-loop': 'error' },
    };
    writeFileSync(join(folder, '.oxlintrc.json'), JSON.stringify(config));
    const snippets = Object.values({ ...PASSING, ...FAILING });
    snippets.forEach((code, index) => writeFileSync(join(folder, `${index}.mjs`), `run(() => { ${code} });\n`));
    const args = ['--config', join(folder, '.oxlintrc.json'), '--format', 'json', '.'];
    const { diagnostics } = JSON.parse(runTool('oxlint', args, { cwd: folder }).stdout);
    found = new Set(diagnostics.map(({ filename }) => snippets[Number.parseInt(filename, 10)]));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(Object.entries(PASSING))('accepts %s', (_, code) => expect(found.has(code)).toBe(false));
  it.each(Object.entries(FAILING))('refuses %s', (_, code) => expect(found.has(code)).toBe(true));
});
