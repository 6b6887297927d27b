import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../reading/body.js';
import { instant } from './testing/instant.js';
import { inspect } from './testing/inspect.js';

const PULLS = '/repos/octo-org/octo-repo/pulls';
const SHA = 'acb5820ced9479c074f688cc328bf03f341a511d';

const lookAt = (pulls: unknown, fields: JsonObject = {}) =>
  inspect(
    { status: 'completed', conclusion: 'action_required', event: 'pull_request', head_sha: SHA, ...fields },
    { [PULLS]: pulls },
  );

describe('a run of an outside contributor', () => {
  it('waits for the approval of a maintainer, for 30 days at most', async () => {
    const { run, seen } = await lookAt([{ head: { sha: SHA } }]);
    expect(run).toMatchObject({ status: 'queued', hold: 'approval', outcome: 'pending' });
    expect(seen).toMatchObject({ hold: 'approval', deadlineAt: instant('2020-02-21T19:33:08Z') });
  });

  it.each([
    ['its pull request was closed', []],
    ['its pull request got another commit', [{ head: { sha: 'c0ffee' } }]],
  ])('counts as completed where %s', async (_, pulls) => {
    expect((await lookAt(pulls)).seen).toMatchObject({ status: 'completed', outcome: 'blocked', hold: undefined });
  });

  it('waits on where pull requests may not be seen', async () => {
    expect((await lookAt(403)).seen).toMatchObject({ status: 'queued', hold: 'approval' });
  });

  it('waits on where it belongs to no pull request', async () => {
    const { seen, asked } = await lookAt([], { event: 'push' });
    expect(seen).toMatchObject({ status: 'queued', hold: 'approval' });
    expect(asked).toEqual([]);
  });

  it.each([
    ['the list has another type', { message: 'no' }],
    ['a pull request has no commit', [{}]],
  ])('is not judged where %s', async (_, pulls) => {
    await expect(lookAt(pulls)).rejects.toMatchObject({ code: 'shape' });
  });
});
