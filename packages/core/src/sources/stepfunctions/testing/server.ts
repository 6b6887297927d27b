import { isObject, type JsonObject } from '../../reading/body.js';
import type { Answer, Server } from '../../testing/fetch.js';
import { fixture } from '../../testing/fixtures.js';

export const EXECUTION = fixture('stepfunctions/execution.json');
export const EXECUTION_ARN = String(EXECUTION['executionArn']);
export const MACHINE_ARN = String(EXECUTION['stateMachineArn']);

/** An account: its executions, and the history and definition that all of them have. */
export type Account = {
  readonly executions?: readonly unknown[];
  readonly machines?: readonly JsonObject[];
  readonly events?: readonly JsonObject[];
  readonly definition?: unknown;
  /** How many rows are in a page. */
  readonly size?: number;
};

/** Step Functions with this account. */
export function stepFunctionsServer({
  executions = [],
  machines = [{ stateMachineArn: MACHINE_ARN, name: 'HelloWorld', type: 'STANDARD' }],
  events = [],
  definition = '{"StartAt":"Ask","States":{}}',
  size = 1000,
}: Account): Server {
  return (_, { headers = {}, body }) => {
    const asked = isObject(body) ? body : {};
    const page = (name: string, rows: readonly unknown[]): Answer => {
      const from = Number(asked['nextToken'] ?? 0);
      const more = rows.length > from + size ? { nextToken: String(from + size) } : {};
      return { body: { [name]: rows.slice(from, from + size), ...more } };
    };
    switch (headers['x-amz-target']?.split('.')[1]) {
      case 'ListStateMachines':
        return page('stateMachines', machines);
      case 'ListExecutions': {
        const { statusFilter } = asked;
        // One with a status of tomorrow comes with those that run.
        const known = ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE'];
        const isRunning = (row: unknown) => !known.includes(String(isObject(row) ? row['status'] : ''));
        return page('executions', statusFilter === undefined ? executions : executions.filter(isRunning));
      }
      case 'DescribeExecution': {
        const found = executions.find((row) => isObject(row) && row['executionArn'] === asked['executionArn']);
        return found === undefined ? refusal('ExecutionDoesNotExist') : { body: found };
      }
      case 'GetExecutionHistory':
        return page('events', [...events].reverse());
      case 'DescribeStateMachineForExecution':
        return { body: { definition } };
      default:
        return refusal('UnknownOperationException');
    }
  };
}

/** How AWS refuses. */
export function refusal(name: string, message = 'no'): Answer {
  return { status: 400, body: { __type: `com.amazonaws.states#${name}`, message } };
}
