import { describe, expect, it } from 'vitest';
import { classify } from '../../classify.js';
import { createPolicy } from '../../policy.js';
import type { JsonObject } from '../reading/body.js';
import { meaningOfReason } from './reasons.js';
import { slurmAdapter, slurmSource } from './source.js';
import { fetchFrom, gather } from '../testing/fetch.js';
import { fixture } from '../testing/fixtures.js';
import { slurmJob, slurmJobs, slurmServer } from './testing/server.js';

const source = slurmSource('cluster', { url: 'https://slurm.example:6820' });
const policy = createPolicy({ version: 1 });

async function mapped(job: JsonObject, nodes?: string) {
  const { runs, issues } = await gather(source, slurmServer([job], nodes), { activity: 'all' });
  expect(issues).toEqual([]);
  if (runs[0] === undefined) throw new Error('No run.');
  return runs[0];
}

describe('the states of Slurm', () => {
  it.each(Object.values(fixture('slurm/vocabulary.json')).flat() as string[])(
    'hold %s, which is known',
    async (state) => {
      expect((await mapped({ ...slurmJob('healthy'), job_state: state })).outcome).not.toBe('unknown');
      // Newer versions send a state and its flags as a list.
      expect((await mapped({ ...slurmJob('healthy'), job_state: [state] })).outcome).not.toBe('unknown');
    },
  );
});

const pending = (reason: string, more: JsonObject = {}): JsonObject => ({
  ...slurmJob('dependent'),
  state_reason: reason,
  ...more,
});

describe('the reasons of a pending job', () => {
  const reasons = Object.values(fixture('slurm/reasons.json')).flat() as string[];

  it('are all classified', () => {
    expect(reasons.length).toBeGreaterThan(200);
    expect(reasons.filter((reason) => meaningOfReason(reason) === undefined)).toEqual([]);
  });

  it('that Slurm does not have yet decide nothing', async () => {
    expect(meaningOfReason('PhaseOfTheMoon')).toBeUndefined();
    expect(await mapped(pending('PhaseOfTheMoon'))).toMatchObject({ hold: undefined, flag: undefined });
  });

  it.each([
    ['AssocGrpCpuLimit', 'limit', 'limit of the account'],
    ['QOSGrpNodeRunMinutes', 'limit', 'limit of the QOS'],
    ['QOSMaxCpuPerUserLimit', 'limit', 'limit of the QOS'],
    ['MaxCpuRunMinsPerUser', 'limit', 'limit of the account'],
    ['MaxJobsPerAccount', 'limit', 'limit of the account'],
    ['AssocMaxJobsLimit', 'limit', 'limit of the account'],
    ['JobArrayTaskLimit', 'limit', 'array task limit'],
    ['Priority', 'limit', 'resources'],
    ['Dependency', 'dependency', 'job'],
    ['PartitionDown', 'paused', 'partition'],
  ])('%s is a legitimate wait', async (reason, hold, kind) => {
    expect(await mapped(pending(reason))).toMatchObject({
      status: 'queued',
      hold,
      waitsFor: { kind },
      flag: undefined,
    });
  });

  it.each([
    ['AssocMaxWallDurationPerJobLimit', 'cannot_start', 'It asks for more than one job may have.'],
    ['QOSMaxGRESPerNode', 'cannot_start', 'It asks for more than one job may have.'],
    ['QOSMinGRES', 'cannot_start', 'It asks for more than one job may have.'],
    ['PartitionTimeLimit', 'cannot_start', 'It asks for more time than its partition allows.'],
    ['ReservationDeleted', 'orphaned', 'The reservation that the job waits for was deleted.'],
  ])('%s is one that no event ends', async (reason, kind, why) => {
    expect(await mapped(pending(reason))).toMatchObject({
      hold: undefined,
      flag: { kind, by: 'source', text: `${reason}: ${why}` },
    });
  });

  it('are quoted with what Slurm adds', async () => {
    const run = await mapped(pending('InvalidAccount', { state_description: 'account physics is closed' }));
    expect(run.flag?.text).toBe('InvalidAccount: account physics is closed');
  });

  it('say until when a job waits, and for which one', async () => {
    const later = await mapped(pending('BeginTime', { eligible_time: 1_795_430_000 }));
    expect(later).toMatchObject({ hold: 'schedule', waitsFor: { until: 1_795_430_000_000 } });
    const after = await mapped(pending('Dependency', { dependency: 'afterok:17(unfulfilled)' }));
    expect(after.waitsFor).toMatchObject({ name: 'afterok:17(unfulfilled)' });
  });

  it.each(['launch failed requeued held', 'Launch FAILED'])(
    'JobHeldUser with "%s" is no hold of a user',
    async (text) => {
      const run = await mapped(pending('JobHeldUser', { state_description: text }));
      expect(run.flag).toMatchObject({ kind: 'cannot_start', by: 'source', text });
    },
  );

  it.each(['', 'job requeued in held state'])('JobHeldUser with "%s" is', async (text) => {
    expect((await mapped(pending('JobHeldUser', { state_description: text }))).flag).toBeUndefined();
  });
});

describe('a partition', () => {
  const node = (state: string, flags: string[] = []) => ({
    name: state,
    state,
    state_flags: flags,
    partitions: ['main'],
  });
  const seen = async (nodes: readonly JsonObject[], reason = 'Resources') => {
    const { runs } = await gather(source, (url, request) =>
      url.pathname.endsWith('/nodes')
        ? { body: { nodes, errors: [] } }
        : slurmServer([pending(reason, { partition: 'main' })])(url, request),
    );
    return runs[0]?.flag;
  };

  it.each([[[node('down'), node('idle', ['DRAIN'])]], [[node('allocated', ['NOT_RESPONDING'])]], [[node('FUTURE')]]])(
    'none of whose nodes takes jobs lets none start: %j',
    async (nodes) => {
      expect(await seen(nodes)).toMatchObject({
        kind: 'cannot_start',
        by: 'tardy',
        text: expect.stringContaining('main'),
      });
      expect(await seen(nodes, 'JobHeldUser')).toBeUndefined();
    },
  );

  it.each([[[node('down'), node('allocated')]], [[node('mixed')]], [[]]])(
    'with an open node is none: %j',
    async (nodes) => {
      expect(await seen(nodes)).toBeUndefined();
    },
  );
});

describe('a job whose nodes are not available', () => {
  const ELIGIBLE = 1_795_420_000;
  const nodes = [
    { name: 'down1', state: ['DOWN'] },
    { name: 'down2', state: ['IDLE', 'NOT_RESPONDING'] },
    { name: 'drained', state: ['IDLE', 'DRAIN'], reason: 'new disks' },
    { name: 'failed', state: ['IDLE', 'DRAIN'], reason: 'Kill task failed' },
    { name: 'open', state: ['ALLOCATED'] },
    { name: 'starting', state: ['IDLE', 'NOT_RESPONDING', 'POWERING_UP'] },
  ];
  const look = async (description: unknown) => {
    const more = { partition: 'p', required_nodes: 'x', eligible_time: ELIGIBLE };
    const job = pending('ReqNodeNotAvail', { ...more, state_description: description });
    const { runs } = await gather(source, (url, request) =>
      url.pathname.endsWith('/nodes') ? { body: { nodes } } : slurmServer([job])(url, request),
    );
    return runs[0];
  };

  it.each([
    ['ReqNodeNotAvail, Reserved for maintenance', 'schedule', 'maintenance'],
    ['ReqNodeNotAvail, May be reserved for other job', 'limit', 'resources'],
    ['ReqNodeNotAvail, UnavailableNodes:', 'limit', 'resources'],
    ['ReqNodeNotAvail, UnavailableNodes:open', 'limit', 'resources'],
    ['ReqNodeNotAvail, UnavailableNodes:starting', 'limit', 'resources'],
    ['ReqNodeNotAvail, UnavailableNodes:drained,open', 'paused', 'node'],
    ['ReqNodeNotAvail, UnavailableNodes:down1,open', 'paused', 'node'],
  ])('waits: %s', async (description, hold, kind) => {
    expect(await look(description)).toMatchObject({
      hold,
      waitsFor: { kind },
      notBefore: hold === 'schedule' ? undefined : ELIGIBLE * 1000,
      flag: undefined,
    });
  });

  it.each(['ReqNodeNotAvail, UnavailableNodes:down[1-2]', 'ReqNodeNotAvail, UnavailableNodes:failed,down1'])(
    'cannot start once all of them are down or failed, in the words of Slurm: %s',
    async (text) => {
      expect(await look(text)).toMatchObject({
        hold: undefined,
        flag: { kind: 'cannot_start', by: 'source', text },
      });
    },
  );

  it.each([
    undefined,
    '',
    'ReqNodeNotAvail',
    'ReqNodeNotAvail, UnavailableNodes:gone',
    'ReqNodeNotAvail, UnavailableNodes:a[',
  ])('is judged by its time in the queue where nothing decides: %j', async (description) => {
    expect(await look(description)).toMatchObject({ hold: undefined, flag: undefined });
  });
});

it('a job that waits for a reservation is on hold although it was eligible before', async () => {
  const run = await mapped(pending('Reservation', { resv_name: 'course', eligible_time: 1_795_420_000 }));
  expect(run).toMatchObject({
    hold: 'schedule',
    waitsFor: { kind: 'reservation', name: 'course' },
    notBefore: undefined,
  });
  expect(classify(run, policy, 1_795_430_000_000).state).toBe('fresh');
});

describe('a job that gets its nodes', () => {
  const start = 1_795_420_553;
  const look = async (state: readonly string[], minutes: number) => {
    const job = {
      ...slurmJob('healthy'),
      job_state: ['RUNNING', 'CONFIGURING'],
      start_time: start,
      submit_time: start - 9999,
    };
    const headers = { date: new Date((start + minutes * 60) * 1000).toUTCString() };
    const { runs } = await gather(source, (url, request) => ({
      ...(url.pathname.endsWith('/nodes')
        ? { body: { nodes: [{ name: 'steady', state }] } }
        : slurmServer([job])(url, request)),
      headers,
    }));
    return runs[0];
  };
  const starting = ['MIXED', 'POWERING_UP', 'NOT_RESPONDING'];

  it('is queued since it got them, and its node may take a while', async () => {
    expect(await look(starting, 20)).toMatchObject({ status: 'queued', phaseAt: start * 1000, flag: undefined });
  });

  it.each([
    ['whose node takes too long', starting, 21, { kind: 'stuck', by: 'tardy', since: start * 1000 }],
    ['whose node is down', ['DOWN', 'POWERING_UP'], 1, { kind: 'unresponsive', by: 'source' }],
  ])('%s is flagged', async (_, state, minutes, flag) => {
    expect((await look(state, minutes))?.flag).toMatchObject(flag);
  });
});

it('finds the lost one among nodes that are named as a range', async () => {
  const job = { ...slurmJob('healthy'), nodes: 'n[01-64]', batch_host: 'n01', job_resources: {} };
  const { runs } = await gather(source, (url, request) =>
    url.pathname.endsWith('/nodes')
      ? {
          body: {
            nodes: [
              { name: 'n01', state: ['MIXED'] },
              { name: 'n63', state: ['DOWN'] },
            ],
          },
        }
      : slurmServer([job])(url, request),
  );
  expect(runs[0]?.flag?.text).toBe('The node n63 does not respond.');
});

it.each([
  [['COMPLETED', 'COMPLETING'], 'running'],
  [['COMPLETING', 'COMPLETED'], 'running'],
  [['RUNNING', 'CONFIGURING'], 'queued'],
])('takes the flag of %j for its state, in any order', async (job_state, status) => {
  const { runs } = await gather(source, slurmServer([{ ...slurmJob('healthy'), job_state }]));
  expect(runs[0]?.status).toBe(status);
});

it.each([
  ['has no name', { state: ['IDLE'] }],
  ['has no state', { name: 'n1', state: null }],
  ['has a state that is a number', { name: 'n1', state: 7 }],
  ['has a state that is unknown', { name: 'n1', state: 'NaN' }],
  ['is not the one that was asked for', { name: 'n9', state: ['IDLE'] }],
])('does not take a run for confirmed if its node %s', async (_, node) => {
  const job: JsonObject = { ...slurmJob('healthy'), job_state: ['RUNNING'] };
  const { fetch } = fetchFrom((url, request) =>
    url.pathname.includes('/node') ? { body: { nodes: [node], errors: [] } } : slurmServer([job])(url, request),
  );
  await expect(source.get(String(job['job_id']), fetch)).rejects.toMatchObject({ code: 'shape' });
});

it('refuses errors of another type', async () => {
  const { error } = await gather(source, (url, request) =>
    url.pathname.endsWith('/jobs') ? { body: { jobs: [], errors: {} } } : slurmServer([])(url, request),
  );
  expect(error?.code).toBe('shape');
});

describe('the time limit of a job', () => {
  const start = 1_795_420_553;
  const running = (more: JsonObject) => mapped({ ...slurmJob('healthy'), start_time: start, end_time: 0, ...more });

  it.each([
    ['is its deadline', { time_limit: 120 }, 120],
    ['counts from its end where it was suspended', { time_limit: 120, end_time: start + 180 * 60 }, 180],
    ['comes before a later deadline of its own', { time_limit: 120, deadline: start + 180 * 60 }, 120],
    ['comes after an earlier one', { time_limit: 120, deadline: start + 60 * 60 }, 60],
    ['of newer versions is an object', { time_limit: { set: true, infinite: false, number: 120 } }, 120],
  ])('%s', async (_, more, minutes) => {
    expect((await running(more)).deadlineAt).toBe((start + minutes * 60) * 1000);
  });

  it.each([
    ['of none', { time_limit: null }],
    ['that is infinite', { time_limit: { set: true, infinite: true, number: 0 } }],
    ['of zero', { time_limit: 0 }],
    ['of a job that has ended and completes', { time_limit: 120, job_state: ['COMPLETED', 'COMPLETING'] }],
  ])('%s is no deadline', async (_, more) => {
    expect((await running(more)).deadlineAt).toBeUndefined();
  });
});

describe('a completing job', () => {
  const end = 1_795_420_553;
  const completing = async (afterMs: number) => {
    const job = { ...slurmJob('healthy'), job_state: ['COMPLETED', 'COMPLETING'], end_time: end };
    const date = new Date(end * 1000 + afterMs).toUTCString();
    const { runs } = await gather(source, (url, request) => ({
      ...slurmServer([job])(url, request),
      headers: { date },
    }));
    return runs[0];
  };

  it('counts from its end, and is flagged only when Slurm should be done', async () => {
    const soon = await completing(5 * 60_000);
    expect(soon).toMatchObject({ status: 'running', phaseAt: end * 1000, flag: undefined });
    const late = await completing(5 * 60_000 + 1000);
    expect(late?.flag).toMatchObject({ kind: 'stuck', by: 'tardy', since: end * 1000 });
  });
});

describe('the jobs of a cluster', () => {
  it('are asked for once, and their nodes once, in the newest version that there is', async () => {
    const fresh = slurmSource('cluster', { url: 'https://slurm.example:6820' });
    const { asked, runs, issues } = await gather(fresh, slurmServer(slurmJobs('many-jobs.json')));
    expect(issues).toEqual([]);
    expect(runs).toHaveLength(9);
    expect(asked.map(({ url }) => url)).toEqual([
      'https://slurm.example:6820/openapi/v3',
      'https://slurm.example:6820/slurm/v0.0.38/jobs',
      'https://slurm.example:6820/slurm/v0.0.38/nodes',
    ]);
  });

  it.each([
    [['/slurm/v0.0.9/jobs', '/slurm/v0.0.41/jobs/', '/slurm/v0.0.40/jobs/', '/slurmdb/v0.0.42/jobs/'], 'v0.0.41'],
    [['/slurm/v0.0.38/jobs'], 'v0.0.38'],
  ])('of %j are read in %s', async (paths, version) => {
    const described = { paths: Object.fromEntries(paths.map((path) => [path, {}])) };
    const { asked } = await gather(slurmSource('cluster', { url: 'https://slurm.example:6820' }), (url) => ({
      body: url.pathname.endsWith('/v3') ? described : { jobs: [], errors: [] },
    }));
    expect(asked[1]?.url).toBe(`https://slurm.example:6820/slurm/${version}/jobs`);
  });

  it('need no description when the version is configured, and no nodes when none is at work', async () => {
    const fixed = slurmSource('cluster', { url: 'https://slurm.example:6820', version: 'v0.0.37' });
    const { asked } = await gather(fixed, slurmServer([slurmJob('held')]));
    expect(asked.map(({ url }) => url)).toEqual(['https://slurm.example:6820/slurm/v0.0.37/jobs']);
  });
});

describe('a job whose node died', () => {
  const nodes = 'many-nodes-not-responding.json';
  const file = 'many-jobs-node-not-responding.json';
  const flag = { kind: 'unresponsive', by: 'source', text: 'The node doomed does not respond.', since: undefined };
  const startedAt = 1_795_420_553_000;

  it('is reported by its node, while the job itself stays as it was', async () => {
    const before = await mapped(slurmJob('nightly-etl'));
    const run = await mapped(slurmJob('nightly-etl', file), nodes);
    expect(run).toEqual({ ...before, flag });
    expect(classify(before, policy, startedAt + 60_000).state).toBe('fresh');
    expect(classify(run, policy, startedAt + 60_000).state).toBe('late');
  });

  it('flags all that run there, even on several nodes, and nothing else', async () => {
    const { runs } = await gather(source, slurmServer(slurmJobs(file), nodes));
    expect(runs.filter((run) => run.flag !== undefined).map(({ id }) => id)).toEqual(['4', '13']);
  });

  it.each(['nightly-etl', 'array', 'healthy'])('is the same when it is read again: %s', async (name) => {
    const job = slurmJob(name, file);
    const { fetch, asked } = fetchFrom(slurmServer([job], nodes));
    expect(await source.get(String(job['job_id']), fetch)).toEqual(await mapped(job, nodes));
    expect(asked.some(({ url }) => url.endsWith('/nodes'))).toBe(false);
  });

  it('is known by the words of newer versions', async () => {
    const job: JsonObject = { ...slurmJob('healthy'), job_state: ['RUNNING'] };
    const { runs } = await gather(source, (url, request) =>
      url.pathname.endsWith('/nodes')
        ? { body: { nodes: [{ name: 'steady', state: ['MIXED', 'NOT_RESPONDING'] }] } }
        : slurmServer([job])(url, request),
    );
    expect(runs[0]?.flag?.text).toBe('The node steady does not respond.');
  });

  it('is flagged too when what it waits for can no longer come', async () => {
    const run = await mapped({ ...slurmJob('dependent'), state_reason: 'DependencyNeverSatisfied' });
    expect(run).toMatchObject({ hold: undefined, flag: { kind: 'orphaned', by: 'source' } });
  });
});

describe('what slurmrestd refuses', () => {
  it('because of a token comes as a 500, and is reported as what it is', async () => {
    const { error } = await gather(source, (url, request) =>
      url.pathname.endsWith('/jobs')
        ? { status: 500, body: fixture('slurm/error-token.json') }
        : slurmServer([])(url, request),
    );
    expect(error?.code).toBe('auth');
    expect(error?.message).toContain('The token is likely wrong or expired (make one with scontrol token)');
  });

  it('is never taken for an empty list', async () => {
    const errors = [{ description: 'Controller busy', error_number: 1 }];
    for (const [status, code] of [
      [200, 'http'],
      [500, 'http'],
      [404, 'not_found'],
    ] as const) {
      const { error } = await gather(source, (url, request) =>
        url.pathname.endsWith('/jobs') ? { status, body: { errors, jobs: [] } } : slurmServer([])(url, request),
      );
      expect(error?.code).toBe(code);
    }
  });
});

describe('the token of Slurm', () => {
  const jwt = `eyJhbGciOiJIUzI1NiJ9.${btoa('{"exp":1,"iat":1,"sun":"daemon"}')}.sig`;

  it.each([
    ['names its user', jwt, undefined, { 'x-slurm-user-name': 'daemon', 'x-slurm-user-token': jwt }],
    [
      'as scontrol prints it',
      `SLURM_JWT=${jwt}`,
      undefined,
      { 'x-slurm-user-name': 'daemon', 'x-slurm-user-token': jwt },
    ],
    ['of a user who is configured', jwt, 'ana', { 'x-slurm-user-name': 'ana', 'x-slurm-user-token': jwt }],
    ['that is no JWT', 'x', undefined, { 'x-slurm-user-token': 'x' }],
  ])('%s', (_, token, user, headers) => {
    expect(slurmAdapter.credentialHeaders(token, { url: '', user })).toEqual(headers);
  });
});
