import { describe, expect, it } from 'vitest';
import type { Run } from '../../run.js';
import type { JsonObject } from '../reading/body.js';
import { fetchFrom, gather } from '../testing/fetch.js';
import { prefectSource } from './source.js';
import { prefectRow, prefectServer } from './testing/server.js';

const source = prefectSource('flows', { url: 'https://prefect.example/api' });
const row = prefectRow('active.json', 'venomous-chowchow');
const SINCE = '2026-11-23T08:00:00Z';
const LATER = '2026-11-23T20:00:00Z';

const task = (state_type: string, more: JsonObject = {}): JsonObject => ({
  id: `t-${state_type}`,
  name: 'load-0',
  state_type,
  state: { timestamp: SINCE },
  tags: [],
  ...more,
});

type World = {
  readonly tasks: readonly unknown[];
  readonly limit?: JsonObject;
  readonly holders?: readonly JsonObject[];
};

/** Looks at a running flow run without heartbeats: its tasks, the limit on a tag with those that hold it, and its subflows. */
async function look({ tasks, limit, holders = [] }: World, subflows: readonly JsonObject[] = []) {
  const [run] = (await gather(source, prefectServer([row]))).runs;
  if (run === undefined) throw new Error('No run.');
  const { fetch, asked } = fetchFrom(({ pathname }, { body }) => {
    if (pathname.endsWith('/events/filter')) return { body: { events: [] } };
    if (pathname.endsWith('/task_runs/filter')) return { body: 'task_runs' in (body as JsonObject) ? holders : tasks };
    if (pathname.endsWith('/paginate')) return { body: { results: subflows, count: subflows.length } };
    return limit === undefined ? { status: 404, body: {} } : { body: limit };
  });
  return {
    run,
    seen: (await source.inspect?.(run, fetch)) as Run,
    asked: asked.map(({ url }) => new URL(url).pathname),
  };
}

const retry = (until: string) => task('SCHEDULED', { state_name: 'AwaitingRetry', next_scheduled_start_time: until });
const limited = task('PENDING', { tags: ['db'] });
const full = { concurrency_limit: 1, active_slots: ['h1'] };

describe('a running flow run without heartbeats', () => {
  it.each<[string, World, Partial<Run>]>([
    [
      'waits for the first next attempt of its tasks',
      { tasks: [retry('2026-11-24T00:00:00Z'), retry(LATER)] },
      {
        hold: 'retry',
        holdSince: Date.parse(SINCE),
        waitsFor: { kind: 'next attempt', name: 'load-0', until: Date.parse(LATER) },
      },
    ],
    ['is paused with its tasks', { tasks: [retry(LATER), task('PAUSED')] }, { hold: 'paused' }],
    [
      'waits for a slot that a task at work holds',
      { tasks: [limited], limit: full, holders: [task('RUNNING')] },
      { hold: 'limit', waitsFor: { kind: 'concurrency limit', name: 'db', state: '1 of 1 slots in use' } },
    ],
  ])('%s', async (_, world, expected) => {
    expect((await look(world)).seen).toMatchObject({ ...expected, flag: undefined });
  });

  it('is flagged where the tasks that hold the slots have ended', async () => {
    const { seen } = await look({ tasks: [limited], limit: full, holders: [task('CANCELLED')] });
    expect(seen.flag).toEqual({
      kind: 'orphaned',
      by: 'tardy',
      text: 'Its task load-0 waits for a slot of the limit on db, and the tasks that hold all of them have ended.',
    });
  });

  it.each<[string, World]>([
    ['a task is at work', { tasks: [retry(LATER), task('RUNNING')] }],
    ['a task is in an unknown state', { tasks: [task('DREAMING')] }],
    ['all tasks have ended', { tasks: [task('COMPLETED')] }],
    ['no task is known', { tasks: [] }],
    ['a task waits to start, and nothing limits it', { tasks: [limited] }],
    ['the limit has room', { tasks: [limited], limit: { concurrency_limit: 2, active_slots: ['h1'] } }],
    ['not all tasks arrived', { tasks: Array.from({ length: 200 }, () => retry(LATER)) }],
  ])('stays as it was where %s', async (_, world) => {
    const { run, seen } = await look(world);
    expect(seen).toEqual(run);
  });

  it.each([
    ['PAUSED', 'Paused', 'paused'],
    ['SCHEDULED', 'Scheduled', 'dependency'],
    ['RUNNING', 'Running', undefined],
  ])('waits with the subflow that its task called: %s', async (state_type, state_name, hold) => {
    const called = { ...row, id: 's1', name: 'child', parent_task_run_id: 't-RUNNING', state_type, state_name };
    const { seen } = await look({ tasks: [task('RUNNING')] }, [called]);
    expect([seen.hold, seen.waitsFor?.id]).toEqual(hold === undefined ? [undefined, undefined] : [hold, 's1']);
  });

  it('is not judged from tasks of another type', async () => {
    await expect(look({ tasks: ['none'] })).rejects.toMatchObject({ code: 'shape' });
  });
});
