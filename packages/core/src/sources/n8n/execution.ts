import { parseInstant } from '../../instant.js';
import type { InitiatorKind } from '../../run.js';
import type { JsonObject } from '../reading/body.js';
import { meaningOf, type Vocabulary } from '../reading/vocabulary.js';
import { checkedWire, textLabels } from '../reading/read-rows.js';
import { N8N_EXECUTION_SHAPE } from './shapes.js';

/** n8n's `ExecutionStatus`, in the order of an execution's life. */
export const N8N_STATUSES: Vocabulary = {
  new: { status: 'queued' },
  unknown: { status: 'running', outcome: 'unknown' },
  running: { status: 'running' },
  waiting: { status: 'running', hold: 'event' },
  success: { status: 'completed', outcome: 'succeeded' },
  error: { status: 'completed', outcome: 'failed' },
  crashed: { status: 'completed', outcome: 'failed' },
  canceled: { status: 'completed', outcome: 'cancelled' },
};

/** n8n writes the year 3000 for a wait that only an event can end. */
const NO_END = Date.parse('2999-01-01T00:00:00Z');

const INITIATORS: Readonly<Record<string, InitiatorKind>> = {
  manual: 'user',
  retry: 'user',
  cli: 'api',
  integrated: 'api',
  internal: 'api',
};

/** What an execution does not say of itself. */
export type ExecutionContext = {
  /** The URL of n8n's UI, with a trailing slash. */
  readonly pages: string;
  readonly workflowNames: ReadonlyMap<string, string>;
  /** In milliseconds: n8n cancels an execution of the workflow after it. Without the limit of the instance, which may be shorter. */
  readonly workflowTimeouts: ReadonlyMap<string, number>;
};

/**
 * An execution as n8n sends it, in the wire form of a run. One that waits has a `stoppedAt`: when it began to wait. One that was
 * resumed keeps it, and when it was resumed is not known.
 */
export function n8nExecutionToWire(
  row: JsonObject,
  { pages, workflowNames, workflowTimeouts }: ExecutionContext,
): Record<string, unknown> {
  const { status, mode, workflowId: workflow, waitTill } = row;
  const meaning = meaningOf(N8N_STATUSES, status);
  const ended = meaning.status === 'completed';
  const waits = status === 'waiting';
  const until = waits && typeof waitTill === 'string' ? parseInstant(waitTill) : undefined;
  const scheduled = waits && waitTill !== null && waitTill !== undefined && (until === undefined || until < NO_END);
  // Older versions number executions.
  const id = typeof row['id'] === 'number' ? String(row['id']) : row['id'];
  return checkedWire(row, N8N_EXECUTION_SHAPE, "n8n's public API", {
    id,
    type: typeof workflow === 'string' ? (workflowNames.get(workflow) ?? workflow) : workflow,
    ...meaning,
    hold: scheduled ? 'schedule' : meaning.hold,
    waits_for: scheduled ? { kind: 'time', until: waitTill } : undefined,
    hold_since: waits ? row['stoppedAt'] : undefined,
    queued_at: row['createdAt'],
    started_at: row['startedAt'],
    phase_at: status === 'running' ? row['stoppedAt'] : undefined,
    deadline_at: deadlineOf(row, ended, typeof workflow === 'string' ? workflowTimeouts.get(workflow) : undefined),
    ended_at: ended ? row['stoppedAt'] : undefined,
    initiator: typeof mode === 'string' ? { kind: INITIATORS[mode] ?? 'event' } : undefined,
    url:
      typeof workflow === 'string' && typeof id === 'string'
        ? `${pages}workflow/${encodeURIComponent(workflow)}/executions/${encodeURIComponent(id)}`
        : undefined,
    labels: textLabels({ mode, workflow, retry_of: row['retryOf'] }),
  });
}

/** When n8n cancels the execution. After a wait the time begins again, and when that was is not known. */
function deadlineOf(
  { startedAt, stoppedAt }: JsonObject,
  ended: boolean,
  timeout: number | undefined,
): Date | undefined {
  const start = typeof startedAt === 'string' ? parseInstant(startedAt) : undefined;
  const isFirst = ended || stoppedAt === null || stoppedAt === undefined;
  return timeout === undefined || start === undefined || !isFirst ? undefined : new Date(start + timeout);
}
