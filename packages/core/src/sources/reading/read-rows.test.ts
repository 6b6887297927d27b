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

it('reports a row whose URL can hold no text of it, and hides no other', () => {
  const rows = [{ ...good, id: '\ud800' }, good];
  const { runs, issues } = readRows(rows, 'ci', (row) => ({
    ...row,
    url: `https://host.example/${encodeURIComponent(String(row['id']))}`,
  }));
  expect(runs.map(({ id }) => id)).toEqual(['1']);
  expect(issues).toMatchObject([{ reason: 'a text that goes into its URL holds half of a surrogate pair' }]);
});

it('passes on an error that is no fault of the row', () => {
  const failing = () => {
    throw new TypeError('a mistake');
  };
  expect(() => readRows([good], 'ci', failing)).toThrow('a mistake');
});
