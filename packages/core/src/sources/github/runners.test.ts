import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../reading/body.js';
import { inspect, job, jobs } from './testing/inspect.js';
import { answerOf } from './testing/published-api.js';
import { conform } from './testing/server.js';

const OWN = '/repos/octo-org/octo-repo/actions/runners';
const SHARED = '/orgs/octo-org/actions/runners';
const isRunnerList = answerOf('/repos/{owner}/{repo}/actions/runners');

const runner = (name: string, status: string, ...labels: string[]): JsonObject => ({
  id: 1,
  name,
  os: 'linux',
  status,
  busy: false,
  labels: ['self-hosted', ...labels].map((label) => ({ name: label })),
});

function runners(...list: readonly JsonObject[]) {
  const body = { total_count: list.length, runners: list };
  conform(isRunnerList, body);
  return body;
}

const lookAt = (responses: Readonly<Record<string, unknown>>, labels: readonly string[] = ['self-hosted', 'GPU']) =>
  inspect({ status: 'queued' }, { ...jobs(job('queued', { labels, runner_id: null })), ...responses });

describe('a job that waits for a self-hosted runner', () => {
  it('is flagged where no runner has its labels', async () => {
    const { seen } = await lookAt({ [OWN]: runners(runner('a', 'online', 'x64')), [SHARED]: runners() });
    expect(seen?.flag).toEqual({
      kind: 'cannot_start',
      by: 'tardy',
      text: 'No runner has the labels of its job: self-hosted, gpu.',
    });
  });

  it('is flagged where all runners that have them are offline', async () => {
    const { seen } = await lookAt({ [OWN]: runners(runner('a', 'offline', 'gpu')), [SHARED]: runners() });
    expect(seen?.flag?.text).toBe('All runners with the labels of its job (self-hosted, gpu) are offline: a.');
  });

  it('is flagged where the runner that it was given to is offline', async () => {
    const list = runners(runner('a', 'online', 'gpu'), { ...runner('b', 'offline', 'gpu'), id: 7 });
    const given = job('queued', { labels: ['self-hosted', 'GPU'], name: 'build', runner_id: 7 });
    const { seen } = await inspect({ status: 'queued' }, { ...jobs(given), [OWN]: list, [SHARED]: runners() });
    const text = 'Its job build was given to the runner b, which is offline.';
    expect(seen?.flag).toEqual({ kind: 'worker_lost', by: 'tardy', text });
  });

  it.each([
    ['a runner of the repository', { [OWN]: runners(runner('a', 'online', 'gpu')), [SHARED]: runners() }],
    ['a runner of the organisation', { [OWN]: runners(), [SHARED]: runners(runner('b', 'online', 'Gpu')) }],
  ])('is not flagged where %s may take it', async (_, responses) => {
    expect((await lookAt(responses)).seen?.flag).toBeUndefined();
  });

  it.each([
    ['the repository', { [OWN]: 403 }],
    ['the organisation', { [OWN]: runners(), [SHARED]: 403 }],
    ['an organisation that is not found', { [OWN]: runners(), '/users/octo-org': { type: 'Organization' } }],
  ])('is not flagged where the runners of %s may not be seen', async (_, responses) => {
    expect((await lookAt(responses)).seen?.flag).toBeUndefined();
  });

  it('is flagged where the owner is a user, who has no other runners', async () => {
    const { seen } = await lookAt({ [OWN]: runners(), '/users/octo-org': { type: 'User' } });
    expect(seen?.flag?.kind).toBe('cannot_start');
  });
});

describe('a job at work on a self-hosted runner', () => {
  const atWork = (status: string, id: number) =>
    inspect(
      { status: 'in_progress' },
      {
        ...jobs(job('in_progress', { labels: ['self-hosted'], runner_id: id, name: 'build' })),
        [OWN]: runners({ ...runner('robot', status), id: 7 }),
        [SHARED]: runners(),
      },
    );

  it('is flagged when that is offline', async () => {
    expect((await atWork('offline', 7)).seen?.flag).toEqual({
      kind: 'worker_lost',
      by: 'tardy',
      text: 'The runner robot of its job build is offline.',
    });
  });

  it.each([
    ['it is online', 'online', 7],
    ['it is not listed', 'offline', 8],
  ])('is not flagged when %s', async (_, status, id) => {
    expect((await atWork(status, id)).seen?.flag).toBeUndefined();
  });
});

it('does not ask for runners of a job that GitHub hosts', async () => {
  expect((await lookAt({}, ['ubuntu-latest'])).asked).toHaveLength(1);
});
