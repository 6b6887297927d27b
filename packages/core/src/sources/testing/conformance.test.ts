import { describe, expect, it } from 'vitest';
import { classify } from '../../classify.js';
import { createPolicy } from '../../policy.js';
import { isActive, type Run } from '../../run.js';
import { parseRun, runToWire } from '../../wire.js';
import { SOURCE_KINDS } from '../registry.js';
import type { ConformanceCase } from './conformance-case.js';
import { fetchFrom, gather, type Server } from './fetch.js';

/** The cases in the folder of each kind: a kind without one fails here by its name. */
const cases = await Promise.all(
  Object.keys(SOURCE_KINDS).map(async (kind) => {
    const module = (await import(`../${kind}/testing/conformance.ts`)) as {
      readonly conformanceCases: readonly ConformanceCase[];
    };
    return module.conformanceCases;
  }),
);

const policy = createPolicy({ version: 1 });

/** Just begun, so that no threshold speaks. */
function freshly(run: Run): number {
  return Math.max(run.queuedAt ?? 0, run.startedAt ?? 0, run.heartbeatAt ?? 0);
}

const answering =
  (body: unknown): Server =>
  () => ({ body });

describe.each(cases.flat())('$name conforms', ({ source, ...given }) => {
  const read = (rows: Parameters<typeof given.serve>[0]) => gather(source, given.serve(rows), { activity: 'all' });

  it.each(given.states)('reads a run that is %s', async (_, row, expected) => {
    const { runs, issues, error } = await read([row]);
    expect({ issues, error }).toEqual({ issues: [], error: undefined });
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject(expected);
  });

  it.each(given.broken)('reports a row whose %s is broken, and hides no other', async (_, row) => {
    const { runs, issues, error } = await read([row, given.other]);
    expect(error).toBeUndefined();
    expect(runs).toHaveLength(1);
    expect(issues.length).toBeGreaterThan(0);
    for (const issue of issues) expect(issue.reason.length).toBeGreaterThan(10);
  });

  it('names the row in what it reports', async () => {
    const { issues } = await read([given.broken[1]?.[1] ?? {}]);
    const { runs } = await read([given.row]);
    expect(issues[0]?.id).toBe(runs[0]?.id);
  });

  it('reports rows that are no object', async () => {
    const { issues, error } = await gather(source, given.serve([given.row, 7 as never, null as never]));
    expect(error).toBeUndefined();
    expect(issues).toHaveLength(2);
  });

  it('takes an unknown status for an active run that cannot be judged, and keeps the word', async () => {
    const { runs, issues } = await read([given.unknownStatus.row]);
    expect(issues).toEqual([]);
    const [run] = runs;
    if (run === undefined) throw new Error('The run is gone.');
    expect({ active: isActive(run), outcome: run.outcome }).toEqual({ active: true, outcome: 'unknown' });
    expect(run.native?.status).toBe(given.unknownStatus.native);
    expect(classify(run, policy, freshly(run)).state).toBe('unknown');
  });

  it('never takes a truncated list for a complete one', async () => {
    const { error, incomplete } = await gather(source, given.cutShort);
    expect(error !== undefined || incomplete.length > 0).toBe(true);
  });

  it.each([[[]], [{}], [null], ['text'], [{ error: 'no' }], [undefined]])(
    'says of a body %j that it cannot be read',
    async (body) => {
      const { error, runs } = await gather(source, answering(body));
      const code = Array.isArray(body) ? (given.emptyList ?? 'shape') : 'shape';
      expect({ code: error?.code ?? 'none', runs }).toEqual({ code, runs: [] });
    },
  );

  it('passes on that it was refused', async () => {
    const { error } = await gather(source, () => ({ status: 401, body: {} }));
    expect(error?.code).toBe('auth');
  });

  it.runIf(given.failingSecondPage !== undefined)(
    'gives the first page before it says that the second failed',
    async () => {
      const { runs, error } = await gather(source, given.failingSecondPage ?? answering({}));
      expect(runs.length).toBeGreaterThan(0);
      expect(error?.code).toBe('http');
    },
  );

  it('may be left after the first page, whatever becomes of the next', async () => {
    const { fetch } = fetchFrom(given.failingSecondPage ?? given.serve([given.row]));
    const unhandled: unknown[] = [];
    let left = false;
    const listen = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', listen);
    for await (const page of source.list({ activity: 'active' }, fetch)) {
      left = page.runs.length > 0;
      if (left) break;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.off('unhandledRejection', listen);
    expect({ left, unhandled }).toEqual({ left: true, unhandled: [] });
  });

  it('cuts no active run where runs that ended before some time are not needed', async () => {
    const active = await gather(source, given.serve([given.row, given.other]), { activity: 'active' });
    const recent = { activity: 'recent', endedSince: Date.UTC(2100, 0, 1) } as const;
    const { runs, issues, error } = await gather(source, given.serve([given.row, given.other]), recent);
    expect({ issues, error }).toEqual({ issues: [], error: undefined });
    expect(
      runs
        .filter(isActive)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(active.runs.map(({ id }) => id).sort());
  });

  it('reads one run again, and knows when there is none', async () => {
    const { runs } = await read([given.row]);
    expect(runs).toHaveLength(1);
    const id = runs[0]?.id ?? '';
    const { fetch } = fetchFrom(given.serve([given.row]));
    expect(await source.get(id, fetch)).toEqual(runs[0]);
    expect(await source.get('999999', fetch)).toBeUndefined();
  });

  it('sends requests only to its own origin, and only to read', async () => {
    const { asked } = await gather(source, given.serve([given.row]), { activity: 'recent' });
    const origin = new URL(source.address ?? '').origin;
    expect(asked.length).toBeGreaterThan(0);
    for (const { url, method = 'GET' } of asked) {
      const { origin: asksAt, pathname } = new URL(url);
      expect(asksAt).toBe(origin);
      expect(given.queries?.includes(pathname) === true ? ['GET', 'POST'] : ['GET']).toContain(method);
    }
  });

  it('gives runs that survive the wire', async () => {
    const { runs } = await read([given.row, given.other]);
    expect(runs.length).toBeGreaterThan(0);
    for (const run of runs) expect(parseRun(runToWire(run), 'elsewhere')).toEqual({ ok: true, run });
  });
});
