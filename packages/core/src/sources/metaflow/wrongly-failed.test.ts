import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../reading/body.js';
import { fetchFrom, gather, type Server } from '../testing/fetch.js';
import { metaflowSource } from './source.js';
import { metaflowRow, metaflowServer } from './testing/server.js';

const source = metaflowSource('flows', { url: 'https://metaflow.example/api' });
const row = metaflowRow('active.json', 5);
const NOW = 1_795_500_000;
const HOUR = 3600;

const failed = (heartbeat: number, finishedAt = heartbeat * 1000): JsonObject => ({
  ...row,
  status: 'failed',
  last_heartbeat_ts: heartbeat,
  finished_at: finishedAt,
});
const task = (status: string, last_heartbeat_ts: number) => ({
  step_name: 'work',
  task_id: 1,
  status,
  last_heartbeat_ts,
});

async function list(rows: readonly JsonObject[], tasks: readonly JsonObject[], refuse = false) {
  const server: Server = (url, request) => {
    const headers = { date: new Date(NOW * 1000).toUTCString() };
    if (refuse && url.searchParams.has('status')) return { status: 400, body: {} };
    if (url.pathname.endsWith('/tasks')) return { body: { data: tasks }, headers };
    return { ...metaflowServer(rows)(url, request), headers };
  };
  return gather(source, server);
}

describe('a run that Metaflow calls failed', () => {
  it('is running while tasks of it send heartbeats and only its own process does not', async () => {
    const { runs, asked } = await list([failed(NOW - HOUR)], [task('running', NOW - 5), task('running', NOW - 60)]);
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ id: 'NapFlow/5', status: 'running', heartbeatAt: (NOW - 5) * 1000 });
    expect(asked.map(({ url }) => decodeURIComponent(url.replace('https://metaflow.example/api/', '')))).toEqual([
      'runs?status:ne=completed&status:ne=failed&_order=+ts_epoch&_limit=1000',
      'runs?status=failed&_order=-ts_epoch&_limit=50',
      'flows/NapFlow/runs/5/tasks?status=running,pending&_order=-ts_epoch&_limit=50',
    ]);
  });

  it('is queued while its next task waits to begin, in a list and when it is read again', async () => {
    const pending = { ...task('pending', 0), ts_epoch: (NOW - 60) * 1000, last_heartbeat_ts: null };
    const expected = { status: 'queued', phaseAt: (NOW - 60) * 1000 };
    expect((await list([failed(NOW - HOUR)], [pending])).runs[0]).toMatchObject(expected);
    const { fetch } = fetchFrom(({ pathname }) => ({
      body: { data: pathname.endsWith('/tasks') ? [pending] : failed(NOW - HOUR) },
      headers: { date: new Date(NOW * 1000).toUTCString() },
    }));
    expect(await source.get('NapFlow/5', fetch)).toMatchObject(expected);
  });

  it.each<[string, JsonObject, readonly JsonObject[]]>([
    ['none of its tasks runs', failed(NOW - HOUR), [task('failed', NOW - 5)]],
    ['its tasks fell silent before it', failed(NOW - HOUR), [task('running', NOW - 2 * HOUR)]],
    ['its end was reported', failed(NOW - HOUR, NOW * 1000), [task('running', NOW - 5)]],
    ['it is a day old', failed(NOW - 24 * HOUR), [task('running', NOW - 5)]],
  ])('has ended where %s', async (_, one, tasks) => {
    expect((await list([one], tasks)).runs).toEqual([]);
  });

  it('is left out where the backend does not filter so', async () => {
    const { runs, error } = await list([failed(NOW - HOUR)], [task('running', NOW - 5)], true);
    expect([runs, error]).toEqual([[], undefined]);
  });
});
