import { expect, it } from 'vitest';
import { collectRuns, readRows } from './read-rows.js';

const good = { id: '1', type: 'sync', status: 'running' };

it('keeps every run and a bounded number of issues, and counts the others', () => {
  const rows = [good, ...Array.from({ length: 1_500 }, () => ({})), { ...good, id: '2' }];
  const { runs, issues } = readRows(rows, 'ci', (row) => row);
  expect(runs.map(({ id }) => id)).toEqual(['1', '2']);
  expect(issues).toHaveLength(1_001);
  expect(issues.at(-1)).toEqual({ id: undefined, reason: '500 more rows cannot be read' });
});

it('counts none when all issues are kept', () => {
  const { issues } = collectRuns(Array.from({ length: 1_000 }), () => ({
    ok: false,
    issue: { id: undefined, reason: 'no' },
  }));
  expect(issues).toHaveLength(1_000);
});

it('spends no stack on a row that cannot be read', () => {
  const startedAt = performance.now();
  readRows(
    Array.from({ length: 200_000 }, () => ({})),
    'ci',
    (row) => row,
  );
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});
