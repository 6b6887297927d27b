import { describe, expect, it } from 'vitest';
import { classify } from '../../classify.js';
import { createPolicy } from '../../policy.js';
import type { JsonObject } from '../reading/body.js';
import { endedStatuses } from '../reading/vocabulary.js';
import { PREFECT_STATES } from './run.js';
import { prefectAdapter, prefectSource } from './source.js';
import { fetchFrom, gather, type Server } from '../testing/fetch.js';
import { fixture } from '../testing/fixtures.js';
import { prefectRow, prefectRows, prefectServer } from './testing/server.js';

const source = prefectSource('flows', { url: 'https://prefect.example/api' });
const policy = createPolicy({ version: 1 });
const HOUR = 3_600_000;
const DEAD = '392d0dc2-683d-4571-b96b-810c36a265d0';

const published = fixture('prefect/openapi.json')['components'] as {
  schemas: { StateType: { enum: string[] }; FlowRunSort: { enum: string[] } };
};

const mapped = async (row: JsonObject) => {
  const { runs, issues } = await gather(source, prefectServer([row]), { activity: 'all' });
  expect(issues).toEqual([]);
  if (runs[0] === undefined) throw new Error('No run.');
  return runs[0];
};

describe('what Prefect publishes', () => {
  it('has every state type that we know, and no other', () => {
    expect(Object.keys(PREFECT_STATES).sort()).toEqual([...published.schemas.StateType.enum].sort());
  });

  it.each(published.schemas.StateType.enum)('holds the state type %s, which is known', async (type) => {
    const run = await mapped({ ...prefectRow('active.json', 'venomous-chowchow'), state_type: type });
    expect(run.outcome).not.toBe('unknown');
    expect(run.status === 'completed').toBe(endedStatuses(PREFECT_STATES).includes(type));
  });

  it('sorts as it is asked to', async () => {
    const { asked } = await gather(source, prefectServer([]), { activity: 'recent' });
    const sorts = asked.flatMap(({ body }) => (body as { sort?: string }).sort ?? []);
    expect(sorts).toEqual(['EXPECTED_START_TIME_ASC', 'END_TIME_DESC']);
    for (const sort of sorts) expect(published.schemas.FlowRunSort.enum).toContain(sort);
  });
});

describe('a list of flow runs', () => {
  it('asks for the active ones alone, and once for the names of their flows', async () => {
    const { runs, asked } = await gather(
      prefectSource('flows', { url: 'https://prefect.example/api' }),
      prefectServer(prefectRows('active.json'), 4),
    );
    expect(runs).toHaveLength(10);
    expect(asked[0]).toEqual({
      url: 'https://prefect.example/api/flow_runs/paginate',
      method: 'POST',
      body: {
        flow_runs: { state: { type: { any_: ['SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING'] } } },
        sort: 'EXPECTED_START_TIME_ASC',
        page: 1,
      },
    });
    expect(asked.filter(({ url }) => url.endsWith('/flows/filter'))).toHaveLength(1);
    expect(new Set(runs.map(({ type }) => type))).toEqual(new Set(['sleeping', 'api-made']));
  });

  it('is read a second time when a run that ended pulled another over the edge of a page', async () => {
    let rows = prefectRows('active.json');
    const server: Server = (url, request) => {
      const answer = prefectServer(rows, 4)(url, request);
      if (url.pathname.endsWith('/paginate')) rows = rows.filter(({ name }) => name !== 'made-slot');
      return answer;
    };
    const { runs, incomplete, asked } = await gather(source, server);
    expect(new Set(runs.map(({ id }) => id)).size).toBe(10);
    expect(incomplete).toEqual([]);
    expect(asked.filter(({ headers }) => headers?.['cache-control'] === 'no-cache').length).toBeGreaterThan(0);
  });

  it('adds no more ended runs than were asked for', async () => {
    const rows = [...prefectRows('active.json'), ...prefectRows('ended.json')];
    const { runs, incomplete } = await gather(source, prefectServer(rows), { activity: 'recent', limit: 2 });
    expect(runs).toHaveLength(12);
    expect(incomplete).toEqual([]);
  });
});

describe('a run whose process was killed', () => {
  const before = prefectRow('active.json', 'solemn-parrot');
  const after = prefectRow('active-after-kill9.json', 'solemn-parrot');
  const startedAt = Date.parse('2026-11-23T07:26:05.031Z');

  it('stays as it was to Prefect, and is likely stuck to us in time', async () => {
    const run = await mapped(after);
    expect({ ...run, ...(await mapped(before)) }).toEqual(run);
    expect(classify(run, policy, startedAt + 60_000).state).toBe('fresh');
    expect(classify(run, policy, startedAt + 6 * HOUR)).toMatchObject({ state: 'likely_stale', clock: 'run' });
  });

  it.each([
    ['dead', DEAD, '2026-11-23T07:29:05.189Z'],
    ['alive', '9f1afb90-36bf-480d-bb36-975d05270a31', '2026-11-23T07:32:03'],
  ])('shows in its heartbeats: %s', async (name, id, at) => {
    const run = { ...(await mapped(after)), id };
    const { fetch, asked } = fetchFrom(() => ({ body: fixture(`prefect/heartbeat-${name}.json`) }));
    const seen = await source.inspect?.(run, fetch);
    expect(new Date(seen?.heartbeatAt ?? 0).toISOString()).toContain(at);
    expect(asked).toEqual([
      {
        url: 'https://prefect.example/api/events/filter',
        method: 'POST',
        body: {
          filter: {
            event: { name: ['prefect.flow-run.heartbeat'] },
            resource: { id: [`prefect.flow-run.${id}`] },
            order: 'DESC',
          },
          limit: 5,
        },
        accept: [403, 404],
      },
    ]);
  });

  it('stays as it was read if there are no heartbeats, they may not be read, or they are older than its state', async () => {
    const run = await mapped(after);
    const old = { events: [{ occurred: '2026-11-23T07:00:00Z' }] };
    for (const answer of [{ body: { events: [] } }, { status: 403, body: {} }, { body: old }]) {
      const { fetch } = fetchFrom(({ pathname }) => (pathname.endsWith('/task_runs/filter') ? { body: [] } : answer));
      expect(await source.inspect?.(run, fetch)).toBe(run);
    }
  });
});

describe('the rhythm of heartbeats', () => {
  it('is the longest gap between the newest ones', async () => {
    const run = await mapped(prefectRow('active-after-kill9.json', 'venomous-chowchow'));
    const at = (minutes: number) => new Date((run.startedAt ?? 0) + minutes * 60_000).toISOString();
    const events = [7, 1, 4].map((minutes) => ({ occurred: at(minutes) }));
    const { fetch } = fetchFrom(() => ({ body: { events } }));
    expect(await source.inspect?.(run, fetch)).toMatchObject({
      heartbeatAt: Date.parse(at(7)),
      heartbeatInterval: 180_000,
    });
  });
});

describe('a run that waits for a concurrency slot', () => {
  const waiting = { ...prefectRow('active.json', 'made-slot'), deployment_id: 'd1' };
  const other = (type: string, deployment = 'd1'): JsonObject => ({
    ...prefectRow('active.json', 'venomous-chowchow'),
    state_type: type,
    deployment_id: deployment,
  });
  const inspected = async (rows: readonly JsonObject[], count = rows.length) => {
    const { fetch, asked } = fetchFrom(() => ({ body: { results: rows, count, limit: 200, page: 1, pages: 1 } }));
    return { seen: await source.inspect?.(await mapped(waiting), fetch), asked };
  };

  it.each(['PENDING', 'RUNNING', 'CANCELLING'])('waits for one that is %s, and names it', async (type) => {
    const { seen, asked } = await inspected([other(type)]);
    expect(seen).toMatchObject({ hold: 'limit', waitsFor: { kind: 'flow run', name: 'venomous-chowchow' } });
    expect(seen?.flag).toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['no run is left', []],
    ['only runs of another deployment are at work', [other('RUNNING', 'd2')]],
    ['others wait as well', [waiting]],
  ])('waits in vain where %s', async (_, rows) => {
    expect((await inspected(rows)).seen?.flag).toMatchObject({ kind: 'orphaned', by: 'tardy' });
  });

  it('stays as it was where more runs are counted than shown', async () => {
    expect((await inspected([], 1)).seen?.flag).toBeUndefined();
  });
});

it('a run that waits for its next attempt says until when', async () => {
  const row: JsonObject = { ...prefectRow('active.json', 'made-slot'), state_name: 'AwaitingRetry' };
  expect(await mapped(row)).toMatchObject({
    hold: 'retry',
    waitsFor: { kind: 'next attempt', until: Date.parse(String(row['next_scheduled_start_time'])) },
  });
});

describe('a flow run', () => {
  const row = prefectRow('active.json', 'venomous-chowchow');

  it('counts from its current state, and keeps its first start', async () => {
    const state = { ...(row['state'] as JsonObject), timestamp: '2026-11-24T08:00:00Z' };
    const run = await mapped({ ...row, run_count: 3, state });
    expect(run).toMatchObject({
      attempt: 3,
      phaseAt: Date.parse('2026-11-24T08:00:00Z'),
      startedAt: Date.parse(String(row['start_time'])),
    });
  });

  it('waits for a person when it was paused for input, and no longer than it may', async () => {
    const paused = prefectRow('active.json', 'made-PAUSED');
    const details = { run_input_keyset: { response: 'a' }, pause_timeout: '2026-11-23T08:00:00Z' };
    const run = await mapped({ ...paused, state: { ...(paused['state'] as JsonObject), state_details: details } });
    expect(run).toMatchObject({ hold: 'approval', deadlineAt: Date.parse('2026-11-23T08:00:00Z') });
  });

  it.each([
    [{ auto_scheduled: true }, { kind: 'schedule', name: undefined }],
    [{ created_by: { id: null, type: 'USER', display_value: 'ana' } }, { kind: 'user', name: 'ana' }],
    [{ created_by: { id: null, type: 'AUTOMATION', display_value: 'retry it' } }, { kind: 'event', name: 'retry it' }],
    [{ created_by: { id: null, type: 'SERVICE', display_value: 'x' } }, { kind: 'api', name: 'x' }],
    [{}, undefined],
  ])('with %j was started by %j', async (fields, initiator) => {
    expect((await mapped({ ...row, ...fields })).initiator).toEqual(initiator);
  });

  it('of Prefect Cloud belongs to a workspace, and is seen in its pages', async () => {
    const url = 'https://api.prefect.cloud/api/accounts/a1/workspaces/w1';
    const { runs } = await gather(prefectSource('cloud', { url }), prefectServer([row]));
    expect(runs[0]).toMatchObject({
      workspace: { id: 'w1' },
      url: `https://app.prefect.cloud/account/a1/workspace/w1/runs/flow-run/${String(row['id'])}`,
    });
  });

  it('is called by the id of its flow when that has no name, and keeps the start of a long message', async () => {
    const failed = prefectRow('ended.json', 'determined-stallion');
    const state = { ...(failed['state'] as JsonObject), message: 'x'.repeat(9000) };
    const run = await mapped({ ...failed, flow_id: 'gone', state });
    expect(run.type).toBe('gone');
    expect(run.failure?.message).toHaveLength(2000);
  });
});

describe('the secret of Prefect', () => {
  it.each([
    ['pnu_key', 'Bearer pnu_key'],
    ['admin:pässword', 'Basic YWRtaW46cMOkc3N3b3Jk'],
  ])('%s is sent as %s', (secret, authorization) => {
    expect(prefectAdapter.credentialHeaders(secret, { url: '' })).toEqual({ authorization });
  });
});
