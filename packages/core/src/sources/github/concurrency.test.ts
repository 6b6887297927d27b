import { describe, expect, it } from 'vitest';
import { memberOf, type JsonObject } from '../reading/body.js';
import { instant } from './testing/instant.js';
import { inspect, RUN_PATH } from './testing/inspect.js';
import { GITHUB_MEMBER_STATUSES } from './concurrency.js';
import { answerOf, description } from './testing/published-api.js';
import { conform } from './testing/server.js';

const REPOSITORY = '/repos/octo-org/octo-repo/actions';
const isGroup = answerOf('/repos/{owner}/{repo}/actions/concurrency_groups/{concurrency_group_name}');
const isGroupList = answerOf('/repos/{owner}/{repo}/actions/runs/{run_id}/concurrency_groups');

const member = (id: number, status: string): JsonObject => ({
  run_id: id,
  run_name: 'Deploy',
  run_url: null,
  run_html_url: `https://github.com/octo-org/octo-repo/actions/runs/${id}`,
  status,
});
const names = { group_name: 'deploy prod', group_url: 'https://api.github.com/x' };

function lookAt(members: readonly JsonObject[], holder?: unknown, own = 'pending') {
  const group = { ...names, total_count: members.length, group_members: members };
  const groups = {
    total_count: 1,
    concurrency_groups: [
      { ...names, group_members: [{ ...member(30433642, own), position: 1, position_url: names.group_url }] },
    ],
  };
  conform(isGroup, group);
  conform(isGroupList, groups);
  return inspect(
    { status: 'pending' },
    {
      [`${RUN_PATH}/concurrency_groups`]: groups,
      [`${REPOSITORY}/concurrency_groups/deploy%20prod`]: group,
      ...(holder === undefined ? {} : { [`${REPOSITORY}/runs/7`]: holder }),
    },
  );
}

const held = [member(7, 'in_progress'), member(30433642, 'pending')];

describe('a run that waits for its concurrency group', () => {
  it('names the run that holds the group', async () => {
    const { seen } = await lookAt(held, { status: 'in_progress', conclusion: null });
    expect(seen).toMatchObject({ hold: 'limit', flag: undefined });
    expect(seen?.waitsFor).toEqual({
      kind: 'run',
      id: '7',
      name: 'concurrency group deploy prod',
      url: 'https://github.com/octo-org/octo-repo/actions/runs/7',
      state: 'in_progress',
    });
  });

  it('is flagged where the holder has ended', async () => {
    const ended = { status: 'completed', conclusion: 'cancelled', updated_at: '2020-01-23T07:55:00Z' };
    const { seen } = await lookAt(held, ended);
    expect(seen?.waitsFor?.state).toBe('cancelled');
    expect(seen?.flag).toEqual({
      kind: 'orphaned',
      by: 'tardy',
      text: 'Its concurrency group deploy prod is held by run 7, which has ended (cancelled).',
      since: instant('2020-01-23T07:55:00Z'),
    });
  });

  it('is not flagged while GitHub may still hand the group on', async () => {
    const ended = { status: 'completed', conclusion: 'success', updated_at: '2020-01-23T07:55:01Z' };
    expect((await lookAt(held, ended)).seen?.flag).toBeUndefined();
  });

  it('is flagged where GitHub no longer has the holder', async () => {
    const { seen } = await lookAt(held);
    expect(seen?.flag).toMatchObject({ kind: 'orphaned', text: expect.stringContaining('no longer has') as string });
  });

  it('is flagged where no run holds the group', async () => {
    const { seen } = await lookAt([member(30433642, 'pending')]);
    expect(seen?.flag?.text).toBe('No run holds its concurrency group deploy prod, yet it is not started.');
  });

  it('makes the same requests as all others where the repository has few groups', async () => {
    const group = { ...names, total_count: 1, group_members: [member(30433642, 'pending')] };
    const list = (count: number) => ({
      total_count: count,
      concurrency_groups: Array.from({ length: count }, (_, index) => ({
        ...names,
        id: index,
        last_acquired_at: null,
      })),
    });
    const responses = (count: number) => ({
      [`${REPOSITORY}/concurrency_groups`]: list(count),
      [`${REPOSITORY}/concurrency_groups/deploy%20prod`]: group,
    });
    const few = await inspect({ status: 'pending' }, responses(30));
    expect(few.seen?.flag?.kind).toBe('orphaned');
    expect(few.asked).not.toContain(`${RUN_PATH}/concurrency_groups`);
    const many = await inspect({ status: 'pending' }, responses(31));
    expect(many.asked).toContain(`${RUN_PATH}/concurrency_groups`);
  });

  it('does not look at a group that it does not wait for', async () => {
    const { seen, asked } = await lookAt([], undefined, 'in_progress');
    expect(seen?.flag).toBeUndefined();
    expect(asked).toEqual([`${REPOSITORY}/concurrency_groups`, `${RUN_PATH}/concurrency_groups`]);
  });

  it.each([403, 404])('stays on hold where its groups are not shown (%d)', async (status) => {
    const { seen } = await inspect({ status: 'pending' }, { [`${RUN_PATH}/concurrency_groups`]: status });
    expect(seen).toMatchObject({ hold: 'limit', flag: undefined });
  });

  it('is not judged where the holder cannot be read', async () => {
    await expect(lookAt(held, { message: 'moved' })).rejects.toMatchObject({ code: 'shape' });
  });

  it('knows every status of a member that GitHub publishes', () => {
    const schema = description.components.schemas['concurrency-group'];
    const published = ['properties', 'group_members', 'items', 'properties', 'status'].reduce(memberOf, schema ?? {});
    expect(published['enum']).toEqual([...GITHUB_MEMBER_STATUSES]);
  });

  it.each([
    ['groups', { concurrency_groups: [{ group_name: 'deploy', group_members: [{ run_id: 7, status: 7 }] }] }],
    ['groups', { concurrency_groups: [{ group_name: 'deploy' }] }],
    ['groups', { concurrency_groups: {} }],
  ])('is not judged where the list of %s has another type', async (_, groups) => {
    const look = inspect({ status: 'pending' }, { [`${RUN_PATH}/concurrency_groups`]: { total_count: 1, ...groups } });
    await expect(look).rejects.toMatchObject({ code: 'shape' });
  });
});
