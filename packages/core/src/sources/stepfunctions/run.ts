import type { JsonObject } from '../reading/body.js';
import { hasText } from '../reading/body.js';
import { epochSecondsToWire } from '../reading/epoch-time.js';
import { checkedWire } from '../reading/read-rows.js';
import { meaningOf, shortText, type Vocabulary } from '../reading/vocabulary.js';
import { SYSTEM } from './api.js';
import { EXECUTION_SHAPE } from './shapes.js';

/** `ExecutionStatus` of the API. */
const EXECUTION_STATUSES: Vocabulary = {
  RUNNING: { status: 'running' },
  PENDING_REDRIVE: { status: 'queued' },
  SUCCEEDED: { status: 'completed', outcome: 'succeeded' },
  FAILED: { status: 'completed', outcome: 'failed' },
  TIMED_OUT: { status: 'completed', outcome: 'failed' },
  ABORTED: { status: 'completed', outcome: 'cancelled' },
};

const ARN = /^arn:[\w-]+:states:([\w-]+):(\d{12}):execution:([^:]+):([^:]+)$/;

/** Whether a text is the ARN of an execution. */
export function isExecutionArn(text: string): boolean {
  return ARN.test(text);
}

/** An execution in the wire form of a run. */
export function executionToWire(row: JsonObject): Record<string, unknown> {
  const arn = row['executionArn'];
  const [, region, account, machine] = hasText(arn) ? (ARN.exec(arn) ?? []) : [];
  const meaning = meaningOf(EXECUTION_STATUSES, row['status']);
  const ended = meaning.status === 'completed';
  const { redriveCount } = row;
  return checkedWire(row, EXECUTION_SHAPE, SYSTEM, {
    id: machine === undefined ? undefined : arn,
    type: machine,
    title: row['name'],
    workspace: { id: account },
    status: meaning.status,
    outcome: meaning.outcome,
    native: meaning.native,
    queued_at: epochSecondsToWire(row['startDate']),
    started_at: meaning.status === 'queued' ? undefined : epochSecondsToWire(row['startDate']),
    // One that failed and is driven again keeps its first start.
    phase_at: ended ? undefined : epochSecondsToWire(row['redriveDate']),
    ended_at: ended ? epochSecondsToWire(row['stopDate']) : undefined,
    attempt: typeof redriveCount === 'number' ? redriveCount + 1 : 1,
    failure:
      meaning.outcome === 'failed'
        ? { code: hasText(row['error']) ? row['error'] : row['status'], message: shortText(row['cause']) }
        : undefined,
    url: machine === undefined || region === undefined ? undefined : consoleUrl(region, String(arn)),
    labels: region === undefined ? {} : { region },
  });
}

function consoleUrl(region: string, arn: string): string {
  const host = region.startsWith('cn-') ? 'console.amazonaws.cn' : 'console.aws.amazon.com';
  return `https://${region}.${host}/states/home?region=${region}#/v2/executions/details/${arn}`;
}
