import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../reading/body.js';
import { fetchFrom, gather, type Answer } from '../testing/fetch.js';
import { fixture } from '../testing/fixtures.js';
import { airflowSource } from './source.js';
import { airflowRow, airflowServer } from './testing/server.js';

const source = airflowSource('dags', { url: 'https://airflow.example' });
const NOW = '2026-11-23T12:00:00Z';
const headers = { date: new Date(NOW).toUTCString() };
const health = {
  ...fixture('airflow/health.json'),
  triggerer: { status: 'healthy', latest_triggerer_heartbeat: NOW },
};

/** Looks at a run whose task is deferred, with its trigger and triggerer; `others` are runs by their paths below the DAGs. */
async function look(task: JsonObject, others: Readonly<Record<string, Answer>> = {}) {
  const [run] = (await gather(source, airflowServer([airflowRow('active.json', 'hanging')]))).runs;
  if (run === undefined) throw new Error('No run.');
  const { fetch } = fetchFrom(({ pathname }) => {
    const body = [{ task_id: 'wait', state: 'deferred', start_date: '2026-11-23T08:00:00Z', ...task }];
    if (pathname.endsWith('/taskInstances')) return { body: { task_instances: body, total_entries: 1 } };
    if (pathname.endsWith('/health')) return { body: health };
    return others[pathname.replace('/api/v2/dags/', '')] ?? { status: 404, body: {} };
  });
  return source.inspect?.(run, fetch);
}

const trigger = (kwargs: string): JsonObject => ({
  trigger: { kwargs, triggerer_id: 3, created_date: '2026-11-23T08:00:02Z' },
});
const dagRun = (state: string, end_date: string | null, dag_run_id = 'manual__1+x'): Answer => ({
  body: { dag_run_id, state, end_date },
  headers,
});

describe('a task that is deferred until runs of another DAG end', () => {
  const child = trigger(`{'dag_id': 'child', 'run_ids': ['manual__1+x'], 'poll_interval': 5}`);
  const path = 'child/dagRuns/manual__1%2Bx';

  it('is not judged by another run', async () => {
    const other = dagRun('running', null, 'manual__2');
    await expect(look(child, { [path]: other })).rejects.toMatchObject({ code: 'shape' });
  });

  it('holds its run while they are at work', async () => {
    const seen = await look(child, { [path]: dagRun('running', null) });
    expect(seen).toMatchObject({ hold: 'dependency', flag: undefined });
    const name = 'child/manual__1+x';
    expect(seen?.waitsFor).toEqual({ kind: 'DAG run', id: name, name, state: 'running' });
  });

  it.each<[string, Answer, unknown]>([
    ['has ended', dagRun('success', '2026-11-23T09:00:00Z'), 'which has ended (success).'],
    ['is gone', { status: 404, body: {} }, 'which Airflow no longer has.'],
  ])('is flagged where one %s', async (_, answer, end) => {
    const seen = await look(child, { [path]: answer });
    expect(seen?.flag).toMatchObject({
      kind: 'orphaned',
      text: `It waits for the run child/manual__1+x, ${String(end)}`,
    });
  });

  it.each<[string, JsonObject, Answer]>([
    ['one has ended just now', child, dagRun('success', '2026-11-23T11:50:00Z')],
    ['they may not be seen', child, { status: 403, body: {} }],
    ['none is named', trigger(`{'moment': '2026-11-24'}`), { status: 404, body: {} }],
    ['they are named by their dates', trigger(`{'dag_id': 'child', 'run_ids': None}`), { status: 404, body: {} }],
  ])('stays on hold where %s', async (_, task, answer) => {
    expect(await look(task, { [path]: answer })).toMatchObject({ hold: 'event', flag: undefined });
  });

  it.each<[string, readonly JsonObject[], string | undefined]>([
    ['no run has', [], 'which Airflow no longer has.'],
    ['a run has that ended', [{ state: 'failed', end_date: '2026-11-23T09:00:00Z' }], 'which has ended (failed).'],
    ['a run at work has', [{ state: 'running', end_date: null }], undefined],
  ])('is flagged, or on hold, where they are named by a date that %s', async (_, dag_runs, end) => {
    const task = trigger(`{'dag_id': 'child', 'run_ids': None, 'execution_dates': ['2026-11-23T04:00:00+00:00']}`);
    const seen = await look(task, { 'child/dagRuns': { body: { dag_runs, total_entries: dag_runs.length }, headers } });
    expect(seen?.hold).toBe('dependency');
    const text = `It waits for the run child of 2026-11-23T04:00:00+00:00, ${String(end)}`;
    expect(seen?.flag?.text).toBe(end === undefined ? undefined : text);
  });

  it('waits for tasks of another DAG in the same way', async () => {
    const task = trigger(`{'external_dag_id': 'child', 'external_task_ids': ['load'], 'run_ids': ['manual__1+x']}`);
    expect((await look(task, { [path]: dagRun('queued', null) }))?.waitsFor?.state).toBe('queued');
  });
});

describe('the triggerer of a deferred task', () => {
  it.each([
    ['2026-11-23T11:54:59Z', 'orphaned'],
    ['2026-11-23T11:55:00Z', undefined],
  ])('that sent its last heartbeat at %s leaves it %s', async (latest_heartbeat, kind) => {
    const seen = await look({ ...trigger('{}'), triggerer_job: { latest_heartbeat, hostname: 't1' } });
    expect(seen?.flag?.kind).toBe(kind);
    expect(seen?.flag?.text ?? '').toContain(
      kind === undefined ? '' : 'the triggerer on t1 that took its trigger sends',
    );
  });
});

it('that waits for a worker is queued since its first task was scheduled', async () => {
  const times = { scheduled_when: '2026-11-23T09:00:00Z', queued_when: '2026-11-23T09:00:05Z' };
  const seen = await look({ state: 'queued', pool: 'default_pool', ...times });
  expect(seen).toMatchObject({ status: 'queued', phaseAt: Date.parse('2026-11-23T09:00:00Z'), hold: undefined });
});
