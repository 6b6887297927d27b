import type { JsonObject } from '../../reading/body.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import { stepFunctionsSource } from '../source.js';
import { EXECUTION, EXECUTION_ARN, stepFunctionsServer } from './server.js';

const startedAt = 1_486_748_456_235;
const ended = (status: string, more: JsonObject = {}) => ({ ...EXECUTION, status, stopDate: 1486748516.5, ...more });
const other = { ...EXECUTION, executionArn: EXECUTION_ARN.replace(/[^:]+$/, 'second'), name: 'second' };
const loop = stepFunctionsServer({ executions: [EXECUTION] });

/** What the adapter has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  {
    name: 'stepfunctions',
    source: stepFunctionsSource('aws', { region: 'us-east-1' }),
    row: EXECUTION,
    other,
    states: [
      [
        'running',
        EXECUTION,
        {
          id: EXECUTION_ARN,
          type: 'HelloWorld',
          title: '8c8d1dc9-7a3e-4f9d-9a3a-0f0a5d4f8a11',
          workspace: { id: '123456789012' },
          status: 'running',
          queuedAt: startedAt,
          startedAt,
          phaseAt: undefined,
          endedAt: undefined,
          attempt: 1,
          failure: undefined,
          labels: { region: 'us-east-1' },
          url: `https://us-east-1.console.aws.amazon.com/states/home?region=us-east-1#/v2/executions/details/${EXECUTION_ARN}`,
        },
      ],
      [
        'running again since it was redriven',
        { ...EXECUTION, redriveCount: 2, redriveDate: 1486750000 },
        { status: 'running', startedAt, phaseAt: 1_486_750_000_000, attempt: 3 },
      ],
      [
        'waiting to be redriven',
        { ...EXECUTION, status: 'PENDING_REDRIVE' },
        { status: 'queued', startedAt: undefined },
      ],
      ['succeeded', ended('SUCCEEDED'), { outcome: 'succeeded', endedAt: 1_486_748_516_500, failure: undefined }],
      [
        'failed',
        ended('FAILED', { error: 'States.TaskFailed', cause: 'exit 1' }),
        { outcome: 'failed', failure: { code: 'States.TaskFailed', message: 'exit 1' } },
      ],
      ['timed out', ended('TIMED_OUT'), { outcome: 'failed', failure: { code: 'TIMED_OUT', message: undefined } }],
      ['aborted', ended('ABORTED'), { outcome: 'cancelled', failure: undefined }],
    ],
    broken: [
      ['executionArn', { ...EXECUTION, executionArn: 'arn:aws:s3:::bucket' }],
      ['startDate', { ...EXECUTION, startDate: '2017-02-10' }],
      ['redriveDate', { ...EXECUTION, redriveDate: 'later' }],
    ],
    unknownStatus: { row: { ...EXECUTION, status: 'HIBERNATING' }, native: 'HIBERNATING' },
    serve: (rows) => stepFunctionsServer({ executions: rows }),
    // The token for the next page leads to the same page forever.
    cutShort: (url, request) => {
      const answer = loop(url, request);
      const isList = request.headers?.['x-amz-target']?.endsWith('ListExecutions') === true;
      return isList ? { body: { ...(answer.body as JsonObject), nextToken: 'again' } } : answer;
    },
    queries: ['/'],
    // A second page that fails is reported with its state machine, beside what the others hold: see source.test.ts.
  },
];
