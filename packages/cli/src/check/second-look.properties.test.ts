import { formatInstant } from '@tardy/core';
import { SourceError } from '@tardy/core/sources';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runProgram } from '../program.js';
import { fakeIo, NOON } from '../test-io.js';

const LIST = '/api/runs?status=queued,running&limit=500';
const stuck = {
  id: 'stuck',
  type: 'export',
  status: 'running',
  outcome: 'pending',
  attempt: 1,
  queued_at: formatInstant(NOON - 60 * 60_000),
  started_at: formatInstant(NOON - 55 * 60_000),
  heartbeat_at: formatInstant(NOON - 42 * 60_000),
  deadline_at: formatInstant(NOON - 30 * 60_000),
};

/** A run with one field left out, or put in its place what no server means by it. */
const damagedRun = fc
  .tuple(fc.constantFrom(...Object.keys(stuck)), fc.option(fc.jsonValue({ maxDepth: 1 }), { nil: undefined }))
  .map(([name, value]) => ({ ...stuck, [name]: value }));

const failure = fc
  .constantFrom('timeout', 'network', 'http', 'truncated', 'shape', 'not_found', 'auth')
  .map((code) => new SourceError(code, 'It failed.'));

/** What a damaged host sends for one run; `undefined` is a 404. */
const damagedGet = fc.oneof(damagedRun, fc.jsonValue({ maxDepth: 2 }), failure, fc.constant(undefined));

/** What a damaged host sends as the list, when it is read again. An empty list that says nothing of itself is not damaged. */
const damagedList = fc.oneof(
  damagedRun.map((run) => ({ runs: [run] })),
  fc
    .tuple(fc.constantFrom('runs', 'next', 'total', 'complete', 'issues', 'now'), fc.constantFrom(7, true, {}, 'x'))
    .map(([name, value]) => ({ runs: [stuck], [name]: value })),
  fc.constantFrom({ runs: [], complete: false }, { runs: [], total: 1 }, { runs: [], issues: [{}] }, { runs: {} }),
  fc.jsonValue({ maxDepth: 1 }),
  failure,
);

it('nothing that is damaged at the second look clears a stuck run', async () => {
  let checks = 0;
  await fc.assert(
    fc.asyncProperty(damagedGet, damagedList, fc.boolean(), async (get, list, many) => {
      checks++;
      let lists = 0;
      const runs = many ? [stuck, { ...stuck, id: 'other' }] : [stuck];
      const { io, printed } = fakeIo({
        responses: { [LIST]: () => (lists++ === 0 ? { runs } : list), '/api/runs/stuck': () => get },
      });
      const code = await runProgram(io, ['check', 'runs:https://host.example/api', '--json']);
      const report = JSON.parse(printed.out) as { runs: readonly { run: { id: string } }[] };
      expect({ code, ids: report.runs.map(({ run }) => run.id) }).toEqual({
        code: 1,
        ids: expect.arrayContaining(['stuck']) as unknown,
      });
    }),
    { numRuns: 200 },
  );
  expect(checks).toBeGreaterThanOrEqual(200);
}, 60_000);
