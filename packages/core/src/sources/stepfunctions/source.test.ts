import { describe, expect, it } from 'vitest';
import type { Run } from '../../run.js';
import type { JsonObject } from '../reading/body.js';
import { sourceKind } from '../registry.js';
import { fetchFrom, gather, type Server } from '../testing/fetch.js';
import { credentialsIn } from './endpoint.js';
import { stepfunctions } from './index.js';
import { stepFunctionsSource } from './source.js';
import { EXECUTION, EXECUTION_ARN, MACHINE_ARN, refusal, stepFunctionsServer, type Account } from './testing/server.js';

const source = stepFunctionsSource('aws', { region: 'us-east-1' });
const START = 1_486_748_456;
const at = (seconds: number) => (START + seconds) * 1000;

/** An event, so many seconds after the start. */
const event = (id: number, previousEventId: number, type: string, more: JsonObject = {}, after = id): JsonObject => ({
  id,
  previousEventId,
  type,
  timestamp: START + after,
  ...more,
});
/** As AWS writes it, the first state follows no event. */
const entered = (id: number, name: string, type = 'TaskStateEntered', previous = id === 2 ? 0 : id - 1) =>
  event(id, previous, type, { stateEnteredEventDetails: { name } });
const scheduled = (id: number, resource: string, more: JsonObject = {}) =>
  event(id, id - 1, 'TaskScheduled', { taskScheduledEventDetails: { resource, ...more } });
const begun = [event(1, 0, 'ExecutionStarted')];
const callback = (more: JsonObject = {}) => [
  ...begun,
  entered(2, 'Ask'),
  scheduled(3, 'sendMessage.waitForTaskToken', more),
  event(4, 3, 'TaskStarted'),
  event(5, 4, 'TaskSubmitted'),
];

async function look(account: Account): Promise<Run> {
  const { fetch } = fetchFrom(stepFunctionsServer({ executions: [EXECUTION], ...account }));
  const run = await source.get(EXECUTION_ARN, fetch);
  if (run === undefined || source.inspect === undefined) throw new Error('There is no run to look into.');
  return source.inspect(run, fetch);
}

describe('a look into the history', () => {
  it('is on hold while it waits for a task token', async () => {
    expect(await look({ events: callback() })).toMatchObject({
      hold: 'event',
      holdSince: at(5),
      waitsFor: { kind: 'task token', name: 'Ask', until: undefined },
      flag: undefined,
      deadlineAt: undefined,
    });
  });

  it('knows when that wait ends by itself, and that it needs heartbeats', async () => {
    const { waitsFor, deadlineAt } = await look({
      events: callback({ timeoutInSeconds: 3600, heartbeatInSeconds: 60 }),
    });
    expect({ waitsFor, deadlineAt }).toEqual({
      waitsFor: { kind: 'task token, with heartbeats', name: 'Ask', until: at(3 + 3600) },
      deadlineAt: undefined,
    });
  });

  it('is on no hold once the token came back', async () => {
    const events = [...callback(), event(6, 5, 'TaskSucceeded'), event(7, 6, 'TaskStateExited'), entered(8, 'Load')];
    expect(await look({ events })).toMatchObject({ hold: undefined, phaseAt: at(8) });
  });

  it.each(['TaskFailed', 'TaskTimedOut', 'LambdaFunctionFailed'])(
    'is on hold between two attempts, after %s',
    async (type) => {
      const events = [
        ...begun,
        entered(2, 'Load'),
        scheduled(3, 'invoke'),
        event(4, 3, 'TaskStarted'),
        event(5, 4, type),
      ];
      expect(await look({ events })).toMatchObject({
        hold: 'retry',
        holdSince: at(5),
        waitsFor: { kind: 'next attempt', name: 'Load' },
      });
    },
  );

  it('has the deadline of the task that it does, and counts from there', async () => {
    const events = [
      ...begun,
      entered(2, 'Load'),
      scheduled(3, 'startJobRun.sync', { timeoutInSeconds: 600 }),
      event(4, 3, 'TaskStarted'),
    ];
    expect(await look({ events })).toMatchObject({
      hold: undefined,
      flag: undefined,
      phaseAt: at(4),
      deadlineAt: at(603),
    });
  });

  it('has the deadline of the state machine, since it was last redriven', async () => {
    const events = [...begun, entered(2, 'Load'), scheduled(3, 'startJobRun.sync', { timeoutInSeconds: 600 })];
    const definition = '{"TimeoutSeconds":60,"States":{}}';
    expect((await look({ events, definition })).deadlineAt).toBe(START * 1000 + 235 + 60_000);
    const executions = [{ ...EXECUTION, redriveCount: 1, redriveDate: START + 30 }];
    expect((await look({ executions, events, definition })).deadlineAt).toBe(at(90));
  });

  it.each<[string, JsonObject, number | undefined]>([
    ['of some seconds', { Type: 'Wait', Seconds: 90 }, at(92)],
    ['until a time', { Type: 'Wait', Timestamp: '2017-02-11T00:00:00Z' }, Date.parse('2017-02-11T00:00:00Z')],
    ['of a length that is computed', { Type: 'Wait', SecondsPath: '$.wait' }, undefined],
  ])('is on hold during a wait %s', async (_, state, until) => {
    const events = [...begun, entered(2, 'Sleep', 'WaitStateEntered')];
    for (const States of [
      { Sleep: state },
      { Both: { Type: 'Parallel', Branches: [{ States: {} }, { States: { Sleep: state } }] } },
      { Each: { Type: 'Map', ItemProcessor: { States: { Sleep: state } } } },
    ]) {
      expect(await look({ events, definition: JSON.stringify({ States }) })).toMatchObject({
        hold: 'schedule',
        holdSince: at(2),
        waitsFor: { kind: 'timer', name: 'Sleep', until },
      });
    }
  });

  it('flags an activity that no worker has taken, and none that one has', async () => {
    const waiting = [
      ...begun,
      entered(2, 'Scan'),
      event(3, 2, 'ActivityScheduled', { activityScheduledEventDetails: { resource: 'arn:scan' } }),
    ];
    expect((await look({ events: waiting })).flag).toEqual({
      kind: 'stuck',
      by: 'tardy',
      text: 'No worker has taken its activity Scan.',
      since: at(3),
    });
    expect((await look({ events: [...waiting, event(4, 3, 'ActivityStarted')] })).flag).toBeUndefined();
  });

  describe('of several branches', () => {
    const branches = [...callback(), entered(6, 'Load', 'TaskStateEntered', 1)];

    it('is on no hold while one is at work', async () => {
      expect(await look({ events: branches })).toMatchObject({ hold: undefined, phaseAt: at(6) });
    });

    it('is on hold when the others have ended', async () => {
      const events = [...branches, event(7, 6, 'TaskStateExited')];
      expect((await look({ events })).hold).toBe('event');
    });

    it('is on the hold that lasts longest', async () => {
      const events = [...callback({ timeoutInSeconds: 3600 }), entered(6, 'Sleep', 'WaitStateEntered', 1)];
      const definition = '{"States":{"Sleep":{"Type":"Wait","Seconds":5}}}';
      expect(await look({ events, definition })).toMatchObject({ hold: 'event', waitsFor: { until: at(3603) } });
    });
  });

  it('concludes no hold from a history that it has read in part', async () => {
    const long = Array.from({ length: 10 }, (_, index) => event(10 + index, 9 + index, 'PassStateExited'));
    const events = [
      ...begun,
      ...long,
      ...callback()
        .slice(1)
        .map((one) => ({ ...one, id: Number(one['id']) + 20, previousEventId: Number(one['previousEventId']) + 20 })),
    ];
    expect((await look({ events, size: 2 })).hold).toBeUndefined();
    expect((await look({ events, size: 6 })).hold).toBe('event');
  });

  it.each(['nonsense', '[]', '7'])('refuses a definition that is %s', async (definition) => {
    await expect(look({ events: begun, definition })).rejects.toThrow('that is not a JSON object');
  });

  it('gives one that has ended meanwhile as it is, and looks no further', async () => {
    const executions = [{ ...EXECUTION, status: 'FAILED', stopDate: START + 9 }];
    const { fetch, asked } = fetchFrom(stepFunctionsServer({ executions }));
    const running = await source.get(EXECUTION_ARN, fetchFrom(stepFunctionsServer({ executions: [EXECUTION] })).fetch);
    expect(await source.inspect?.(running as Run, fetch)).toMatchObject({ status: 'completed', outcome: 'failed' });
    expect(asked).toHaveLength(1);
  });
});

describe('lists', () => {
  it('hold executions of all state machines of the type Standard', async () => {
    const machines = [
      { stateMachineArn: MACHINE_ARN, name: 'HelloWorld', type: 'STANDARD' },
      { stateMachineArn: `${MACHINE_ARN}2`, name: 'HelloWorld2', type: 'EXPRESS' },
      { stateMachineArn: `${MACHINE_ARN}3`, name: 'HelloWorld3', type: 'STANDARD' },
    ];
    const { asked } = await gather(source, stepFunctionsServer({ machines, size: 2 }));
    expect(
      asked.map(({ headers, body }) => [
        headers?.['x-amz-target'],
        (body as JsonObject)['stateMachineArn'] ?? (body as JsonObject)['nextToken'],
      ]),
    ).toEqual([
      ['AWSStepFunctions.ListStateMachines', undefined],
      ['AWSStepFunctions.ListStateMachines', '2'],
      ['AWSStepFunctions.ListExecutions', MACHINE_ARN],
      ['AWSStepFunctions.ListExecutions', `${MACHINE_ARN}3`],
    ]);
  });

  it('are those of the named state machines', async () => {
    const one = stepFunctionsSource('aws', { region: 'us-east-1', state_machines: [MACHINE_ARN] });
    const { asked, runs } = await gather(one, stepFunctionsServer({ executions: [EXECUTION] }));
    expect([asked.length, runs.length]).toEqual([1, 1]);
  });

  it('report a state machine that cannot be read, and hide no other', async () => {
    const machines = [MACHINE_ARN, `${MACHINE_ARN}2`].map((stateMachineArn) => ({ stateMachineArn, type: 'STANDARD' }));
    const server = stepFunctionsServer({ machines, executions: [EXECUTION] });
    const deleting: Server = (url, request) =>
      (request.body as JsonObject)['stateMachineArn'] === `${MACHINE_ARN}2`
        ? refusal('StateMachineDoesNotExist')
        : server(url, request);
    const { runs, incomplete, error } = await gather(source, deleting);
    expect({ runs: runs.length, error }).toEqual({ runs: 1, error: undefined });
    expect(incomplete).toEqual([
      expect.stringContaining('The state machine HelloWorld2 could not be read completely (not_found)'),
    ]);
  });

  it.each([
    ['UnrecognizedClientException', 'auth'],
    ['ExpiredTokenException', 'auth'],
    ['InvalidSignatureException', 'auth'],
    ['AccessDeniedException', 'forbidden'],
    ['ThrottlingException', 'rate_limited'],
    ['ValidationException', 'http'],
  ])('end with what AWS says in status 400: %s', async (name, code) => {
    const { error } = await gather(source, () => refusal(name, 'The token is over.'));
    expect(error).toMatchObject({
      code,
      message: expect.stringContaining(`refused ListStateMachines (${name}): The token is over.`) as string,
    });
  });
});

describe('the region and the credentials', () => {
  it.each([
    ['eu-central-1', {}, 'https://states.eu-central-1.amazonaws.com/'],
    ['cn-north-1', {}, 'https://states.cn-north-1.amazonaws.com.cn/'],
    ['', { AWS_REGION: 'us-west-2' }, 'https://states.us-west-2.amazonaws.com/'],
    ['', { AWS_DEFAULT_REGION: 'us-gov-west-1' }, 'https://states.us-gov-west-1.amazonaws.com/'],
    ['http://localhost:5000', { AWS_REGION: 'us-west-2' }, 'http://localhost:5000/'],
  ])('%j is read at its endpoint', async (rest, environment, address) => {
    expect((await sourceKind('stepfunctions').openUri('aws', rest, environment)).source.address).toBe(address);
  });

  it.each(['', 'host.example', 'https://host.example'])('%j without a region says what to write', async (rest) => {
    await expect(sourceKind('stepfunctions').openUri('aws', rest, {})).rejects.toThrow(
      'Name the region of AWS: stepfunctions:eu-central-1. Or set AWS_REGION.',
    );
  });

  it('ties the variables to the endpoint of the region, and to nothing without one', () => {
    const url = 'https://states.eu-central-1.amazonaws.com';
    expect(stepfunctions.secretUrls?.({ AWS_REGION: 'eu-central-1' })).toEqual({
      AWS_ACCESS_KEY_ID: url,
      AWS_SECRET_ACCESS_KEY: url,
      AWS_SESSION_TOKEN: url,
    });
    expect(stepfunctions.secretUrls?.({ AWS_REGION: 'evil.example/' })).toEqual({});
  });

  it.each([
    [{ AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'key\n' }, 'AKID:key'],
    [{ AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'key', AWS_SESSION_TOKEN: 's' }, 'AKID:key:s'],
    [{ AWS_ACCESS_KEY_ID: 'AKID' }, undefined],
    [{}, undefined],
  ])('are taken from %j', (environment, token) => {
    expect(credentialsIn(environment)).toBe(token);
  });
});
