import { expect } from '@esm-bundle/chai';
import { done, fresh, late, young } from '../test-runs.js';
import { readPage, readRunPage, ShapeError } from './run-page.js';

const page = (runs: readonly unknown[], more: object = {}) => ({
  now: '2026-11-23T12:00:00Z',
  next: 'c2',
  runs,
  ...more,
});

describe('readPage', () => {
  const { id, ...rest } = fresh;
  const first = { id, ...rest };
  const trap = { ...late, title: 'Says "runs":[{"id":"x"},{"id":"y"} and ],{"id":' };
  const bodies: readonly (readonly [string, unknown])[] = [
    ['one page', page([first, late, done])],
    ['one row', page([young])],
    ['no rows', page([])],
    ['rows that begin differently', page([first, { status: 'running', type: 'sync', id: 'other' }, late])],
    ['a row that holds others in itself', page([first, { ...late, steps: [{ id: 's1' }, { id: 's2' }] }, done])],
    ['a text that looks like rows', page([first, trap, done])],
    ['a row that cannot be read', page([first, { id: 'bad', type: 'sync', status: 7 }, late])],
    ['rows that are no objects', page([first, null, 3, late])],
    [
      'members behind the rows',
      { runs: [first, late], complete: false, issues: [{ id: 'x', reason: 'y' }], next: null },
    ],
    ['members before the rows', { issues: [{ id: 'x', reason: 'y' }], runs: [first, late], next: null }],
    ['another list before the rows', { ids: [{ id: 1 }, { id: 2 }], runs: [first, late] }],
    ['a single run', first],
  ];
  const layouts = [undefined, 1, 2] as const;

  for (const [what, body] of bodies) {
    for (const indent of layouts) {
      it(`reads ${what} as if it were read at once${indent === undefined ? '' : `, indented by ${indent}`}`, () => {
        const text = JSON.stringify(body, undefined, indent);
        const atOnce = readRunPage(JSON.parse(text));
        const once = readPage(text, undefined);
        expect(once.page).to.deep.equal(atOnce);
        expect(readPage(text, once.known).page).to.deep.equal(atOnce);
      });
    }
  }

  it('keeps the run of a row with the same text, wherever it is now', () => {
    const rows = Array.from({ length: 6 }, (_, index) => ({ ...fresh, id: `r${index}` }));
    const before = readPage(JSON.stringify(page(rows)), undefined);
    const changed = rows.map((row) => (row.id === 'r2' ? { ...row, status: 'queued' } : row));
    const after = readPage(JSON.stringify(page([young, ...changed])), before.known).page.runs;
    expect(after.map(({ id }) => id)).to.deep.equal(['young', 'r0', 'r1', 'r2', 'r3', 'r4', 'r5']);
    for (const index of [0, 1, 3, 4]) expect(after[index + 1]).to.equal(before.page.runs[index]);
    expect(after[3]?.status).to.equal('queued');
  });

  for (const text of ['', '<html>', '{"runs":[{"id":"a","type":"b"', '{"runs":[{"id":"a"},{"id":"b"', 'null', '7']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => readPage(text, undefined)).to.throw(ShapeError);
    });
  }
});
