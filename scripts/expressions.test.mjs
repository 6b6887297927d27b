import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findSlowExpressions } from './expressions.mjs';

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tardy-expressions-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function find(code, known = []) {
  writeFileSync(join(folder, 'a.ts'), code);
  return findSlowExpressions(folder, ['.'], new Set(known));
}

it.each([
  ['const path = /(?:^|\\/)(job\\/.+\\/\\d+)\\/?$/;', '2nd degree polynomial'],
  ['const all = /^(a+)+$/;', 'exponential'],
])('reports %s as %s, with its file', async (code, complexity) => {
  const [problem] = await find(code);
  expect(problem).toMatch(/^a\.ts: /);
  expect(problem).toContain(complexity);
});

it('takes the word of the file for one that it has', async () => {
  expect(await find('const all = /^(a+)+$/;', ['/^(a+)+$/'])).toEqual([]);
});

it('judges one that is not there', async () => {
  expect(await find('const digits = /^[0-9]$/;', ['/x/'])).toEqual([]);
});
