import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../reading/body.js';
import { sourceKind } from '../registry.js';
import { fetchFrom, gather } from '../testing/fetch.js';
import { raySource } from './source.js';
import { job, rayServer, stateOf, stateRows, type State } from './testing/server.js';

const source = raySource('ray', { url: 'http://ray.example:8265' });
const at = (text: string) => Date.parse(text);
const waiting = stateRows('tasks');
const [supervisorOfNothing] = stateRows('actors');
const alive = stateRows('nodes').filter(({ state }) => state === 'ALIVE');

/** The run that the list gives for a job, and the same from the second look. */
async function seen(row: JsonObject, state: State = {}) {
  const server = rayServer([row], state);
  const { runs, error, incomplete } = await gather(source, server);
  const [run] = runs;
  if (run === undefined) throw error ?? new Error('The job is not in the list.');
  const { fetch } = fetchFrom(server);
  expect(await source.inspect?.(run, fetch)).toEqual(run);
  expect(await source.get(run.id, fetch)).toEqual(run);
  return { run, incomplete };
}

describe('the list', () => {
  it('asks once for jobs, and for the state of the cluster only if one is active', async () => {
    const quiet = await gather(source, rayServer([job('quick')]));
    expect(quiet.asked.map(({ url }) => new URL(url).pathname)).toEqual(['/api/version', '/api/jobs/']);
    const { asked } = await gather(source, rayServer([job('healthy')]));
    expect(asked.slice(2).map(({ url }) => decodeURIComponent(url.replace(/^.*\/v0\//, '')))).toEqual([
      'nodes?detail=1&limit=10000',
      'tasks?filter_keys=state&filter_predicates=!=&filter_values=FINISHED&filter_keys=state&filter_predicates=!=&filter_values=FAILED&detail=1&limit=10000',
      'actors?filter_keys=state&filter_predicates=!=&filter_values=DEAD&detail=1&limit=10000',
    ]);
  });

  it('reads nothing from what is no Ray', async () => {
    const { error } = await gather(source, ({ pathname }) => ({ body: pathname === '/api/version' ? {} : [] }));
    expect(error?.code).toBe('shape');
  });

  it('gives the newest of the ended jobs', async () => {
    const ended = (id: string, time: number) => job('quick', { submission_id: id, start_time: time });
    const rows = [ended('old', 1_000), ended('new', 3_000), ended('older', 500), job('healthy')];
    const { runs } = await gather(source, rayServer(rows), { activity: 'recent', limit: 1 });
    expect(runs.map(({ id }) => id)).toEqual(['healthy', 'new']);
  });

  it.each([
    ['has no State API', 404, []],
    ['fails', 500, ['What the jobs do inside could not be read (http): HTTP 500']],
  ])('keeps the jobs of a cluster that %s', async (_, status, incomplete) => {
    const all = await gather(source, rayServer([job('nightly')], { nodes: status }));
    expect(all.runs).toHaveLength(1);
    expect(all.runs[0]?.flag).toBeUndefined();
    expect(all.incomplete).toEqual(incomplete);
  });

  it('concludes nothing from a state that is not all there, and none from a refusal', async () => {
    const server = rayServer([job('nightly')]);
    const cut = await gather(source, (url, request) =>
      url.pathname.endsWith('/tasks') ? { body: stateOf(waiting, waiting.length + 1) } : server(url, request),
    );
    expect(cut.runs[0]?.flag).toBeUndefined();
    const refused = await gather(source, (url, request) =>
      url.pathname.endsWith('/tasks') ? { body: { result: false, msg: 'too many' } } : server(url, request),
    );
    expect(refused.incomplete[0]).toContain('too many');
  });
});

describe('a job that is pending', () => {
  it('can never start if no node that is alive has what it needs', async () => {
    const { run } = await seen(job('needs-gpu'));
    expect(run.flag).toEqual({
      kind: 'cannot_start',
      by: 'tardy',
      text: 'No node of the cluster has what its entrypoint needs: GPU 1.',
      since: run.queuedAt,
    });
  });

  it('may start once a node has room', async () => {
    const nodes = [{ ...alive[0], resources_total: { CPU: 2, GPU: 1 } }];
    expect((await seen(job('needs-gpu'), { nodes })).run.flag).toBeUndefined();
    expect((await seen(job('needs-gpu'), { nodes: [{ ...nodes[0], state: 'DEAD' }] })).run.flag?.kind).toBe(
      'cannot_start',
    );
  });
});

describe('a job that is running', () => {
  it('waits in vain for a task whose node died', async () => {
    const { run } = await seen(job('nightly'));
    expect(run).toMatchObject({
      status: 'running',
      flag: {
        kind: 'orphaned',
        text: 'Its task work waits for what no node of the cluster has: doomed 0.1.',
        since: 1_795_872_741_200,
      },
    });
  });

  it('waits in vain since the last of its tasks did', async () => {
    const [, other] = waiting;
    const more = {
      ...other,
      job_id: '03000000',
      events: [{ state: 'PENDING_NODE_ASSIGNMENT', created_ms: 1_795_872_900_000 }],
    };
    const { run } = await seen(job('nightly'), { tasks: [...waiting, more] });
    expect(run.flag).toMatchObject({
      text: expect.stringContaining('2 of its tasks wait') as string,
      since: 1_795_872_900_000,
    });
  });

  it('waits in vain for an actor', async () => {
    const actor = {
      ...supervisorOfNothing,
      name: 'trainer',
      job_id: '03000000',
      state: 'PENDING_CREATION',
      required_resources: { GPU: 8 },
    };
    const { run } = await seen(job('nightly'), { tasks: [], actors: [...stateRows('actors'), actor] });
    expect(run.flag?.text).toBe('Its task trainer waits for what no node of the cluster has: GPU 8.');
  });

  it('is at work while one of its tasks is, and its phase began with that', async () => {
    const atWork = {
      ...waiting[0],
      job_id: '03000000',
      state: 'RUNNING',
      events: [{ state: 'RUNNING', created_ms: at('2026-11-28T14:00:00Z') }],
    };
    const { run } = await seen(job('nightly'), { tasks: [...waiting, atWork] });
    expect(run).toMatchObject({ flag: undefined, phaseAt: at('2026-11-28T14:00:00Z') });
  });

  it('has lost its worker if the node of its entrypoint is dead', async () => {
    const nodes = [
      { ...alive[0], state: 'DEAD', state_message: 'health check failed', end_time_ms: 1_795_872_800_000 },
    ];
    const { run } = await seen(job('healthy'), { nodes });
    expect(run.flag).toMatchObject({
      kind: 'worker_lost',
      text: 'The node of its entrypoint, a870fcba149d, is dead: health check failed',
      since: 1_795_872_800_000,
    });
  });

  it('has lost its worker if its supervisor is gone', async () => {
    const { run } = await seen(job('healthy'), { actors: [] });
    expect(run.flag).toEqual({
      kind: 'worker_lost',
      by: 'tardy',
      text: 'The supervisor of its entrypoint is gone, yet it is running.',
    });
  });
});

it('is written as a URL, and sends its token to the cluster of the environment', async () => {
  const kind = sourceKind('ray');
  expect((await kind.openUri('ray', 'http://ray.example:8265')).source.address).toBe('http://ray.example:8265/');
  await expect(kind.openUri('ray', 'ray.example')).rejects.toThrow('Write it as ray:http://host.example:8265');
  expect((await kind.open('ray', { url: 'http://ray.example:8265' })).credentialHeaders('t')).toEqual({
    authorization: 'Bearer t',
  });
  const of = (address: string) => kind.secretUrls?.({ RAY_API_SERVER_ADDRESS: address });
  expect(of('http://ray.example:8265')).toEqual({ RAY_AUTH_TOKEN: 'http://ray.example:8265' });
  expect(of('auto')).toEqual({});
});
