import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../reading/body.js';
import { instant } from './testing/instant.js';
import { inspect, job, jobs, RUN_PATH } from './testing/inspect.js';
import { answerOf, example } from './testing/published-api.js';
import { conform } from './testing/server.js';

const [waited = {}] = example('pending-deployment-items') as unknown as JsonObject[];
/** The second reviewer of the published example lacks fields that the published schema requires. */
const deployment: JsonObject = { ...waited, reviewers: (waited['reviewers'] as unknown[]).slice(0, 1) };
const isDeploymentList = answerOf('/repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments');
const timer: JsonObject = { ...deployment, reviewers: [] };
const nobody: JsonObject = { ...timer, wait_timer: 0, wait_timer_started_at: null };

const RULES = '/repos/octo-org/octo-repo/environments/staging/deployment_protection_rules';
const noRules = { total_count: 0, custom_deployment_protection_rules: [] };

/** A waiting run, at 22:10 on the day on which the published timer of 30 minutes began. */
function lookAt(deployments: readonly JsonObject[], rules: unknown = noRules, time = '22:10:00') {
  conform(isDeploymentList, deployments);
  const responses = { ...jobs(job('waiting')), [`${RUN_PATH}/pending_deployments`]: deployments, [RULES]: rules };
  return inspect({ status: 'waiting' }, responses, `2020-11-23T${time}Z`);
}

describe('a run that waits for an environment', () => {
  it('waits for a time where only timers run', async () => {
    const { seen, asked } = await lookAt([timer, { ...timer, wait_timer: 45 }]);
    const until = instant('2020-11-23T22:45:40Z');
    expect(seen).toMatchObject({ hold: 'schedule', notBefore: until, flag: undefined });
    expect(seen?.waitsFor).toMatchObject({ kind: 'environment', name: 'staging', until });
    expect(asked).not.toContain(RULES);
  });

  it.each([
    ['a reviewer is named', [deployment]],
    ['one of several has a reviewer', [nobody, deployment]],
    ['no timer has begun', [{ ...timer, wait_timer_started_at: null }]],
    ['no environment is named', []],
  ])('waits for a person where %s', async (_, deployments) => {
    const { seen } = await lookAt(deployments);
    expect(seen).toMatchObject({ hold: 'approval', flag: undefined });
  });

  it('names the environment that waits for a person', async () => {
    const { seen } = await lookAt([nobody, deployment]);
    expect(seen?.waitsFor).toMatchObject({ kind: 'environment', name: 'staging' });
  });

  it('is flagged where nobody can let it through', async () => {
    const { seen } = await lookAt([nobody]);
    expect(seen?.flag).toEqual({
      kind: 'orphaned',
      by: 'tardy',
      text: 'It waits for the environment staging, which has no reviewer, no timer and no rule left that could let it through.',
      since: undefined,
    });
  });

  it('is flagged some minutes after its timer has ended, and not before', async () => {
    const five: JsonObject = { ...timer, wait_timer: 5 };
    const since = instant('2020-11-23T22:05:40Z');
    expect((await lookAt([five], noRules, '22:10:40')).seen?.flag).toMatchObject({ kind: 'orphaned', since });
    expect((await lookAt([five], noRules, '22:10:39')).seen?.flag).toBeUndefined();
  });

  it.each([
    [
      'an app has a rule',
      { total_count: 1, custom_deployment_protection_rules: [{ enabled: true, app: { slug: 'gate' } }] },
    ],
    ['the rules may not be seen', 403],
  ])('waits on where %s', async (_, rules) => {
    expect((await lookAt([nobody], rules)).seen).toMatchObject({ hold: 'approval', flag: undefined });
  });

  it.each([
    ['it is flagged where its environment was deleted', undefined, 'orphaned'],
    [
      'it is flagged where its environment only restricts branches',
      { protection_rules: [{ type: 'branch_policy' }] },
      'orphaned',
    ],
    [
      'it waits on where its environment has another rule',
      { protection_rules: [{ type: 'required_reviewers' }] },
      undefined,
    ],
    ['it waits on where its environment may not be seen', 403, undefined],
  ])('on a server without rules of apps: %s', async (_, environment, flag) => {
    const responses = {
      ...jobs(job('waiting')),
      [`${RUN_PATH}/pending_deployments`]: [nobody],
      ...(environment === undefined ? {} : { '/repos/octo-org/octo-repo/environments/staging': environment }),
    };
    const { seen } = await inspect({ status: 'waiting' }, responses, '2020-11-23T22:10:00Z');
    expect([seen?.hold, seen?.flag?.kind]).toEqual(['approval', flag]);
  });

  it('is flagged where the rule of an app is switched off', async () => {
    const off = { total_count: 1, custom_deployment_protection_rules: [{ enabled: false, app: { slug: 'gate' } }] };
    expect((await lookAt([nobody], off)).seen?.flag?.kind).toBe('orphaned');
  });

  it('stays on hold where its environments may not be seen', async () => {
    const { seen } = await inspect(
      { status: 'waiting' },
      { ...jobs(job('waiting')), [`${RUN_PATH}/pending_deployments`]: 403 },
    );
    expect(seen).toMatchObject({ hold: 'approval', flag: undefined });
  });

  it.each([
    ['deployments', { [`${RUN_PATH}/pending_deployments`]: {} }],
    ['reviewers', { [`${RUN_PATH}/pending_deployments`]: [{ ...nobody, reviewers: null }] }],
    ['rules', { [`${RUN_PATH}/pending_deployments`]: [nobody], [RULES]: { total_count: 0 } }],
    [
      'switches of rules',
      {
        [`${RUN_PATH}/pending_deployments`]: [nobody],
        [RULES]: { custom_deployment_protection_rules: [{ enabled: 'no' }] },
      },
    ],
  ])('is not judged where the list of %s has another type', async (_, responses) => {
    const look = inspect({ status: 'waiting' }, { ...jobs(job('waiting')), ...responses });
    await expect(look).rejects.toMatchObject({ code: 'shape' });
  });
});
