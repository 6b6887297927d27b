import type { Instant } from '../../run.js';
import { hasText, memberOf, objectField, type JsonObject } from '../reading/body.js';
import { meaningOf, type Vocabulary } from '../reading/vocabulary.js';
import { checkedWire, textLabels } from '../reading/read-rows.js';
import { instantIn } from '../reading/wire-time.js';
import { TEMPORAL_EXECUTION_SHAPE } from './shapes.js';

/** Temporal's `WorkflowExecutionStatus`, as its HTTP API spells it. There is no queued one: a workflow runs once it was accepted. */
const STATUSES: Vocabulary = {
  WORKFLOW_EXECUTION_STATUS_RUNNING: { status: 'running' },
  WORKFLOW_EXECUTION_STATUS_PAUSED: { status: 'running', hold: 'paused' },
  WORKFLOW_EXECUTION_STATUS_COMPLETED: { status: 'completed', outcome: 'succeeded' },
  WORKFLOW_EXECUTION_STATUS_FAILED: { status: 'completed', outcome: 'failed' },
  WORKFLOW_EXECUTION_STATUS_TIMED_OUT: { status: 'completed', outcome: 'failed' },
  WORKFLOW_EXECUTION_STATUS_CANCELED: { status: 'completed', outcome: 'cancelled' },
  WORKFLOW_EXECUTION_STATUS_TERMINATED: { status: 'completed', outcome: 'cancelled' },
  // This run is over; the workflow continues in another.
  WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW: { status: 'completed', outcome: 'succeeded' },
};

/** What an execution does not say of itself. */
export type TemporalContext = {
  readonly namespace: string;
  /** The URL of the web UI, with a trailing slash. */
  readonly ui: string | undefined;
  /** The server's clock, by which a delayed start is still to come or over. */
  readonly now: Instant | undefined;
};

/**
 * A workflow execution as Temporal lists it, in the wire form of a run.
 *
 * A workflow id may be used again and again, so that ours names the execution as well. Work begins at `executionTime`, which for a
 * delayed start or a cron schedule is later than `startTime`.
 */
export function temporalWorkflowToWire(row: JsonObject, context: TemporalContext): Record<string, unknown> {
  const execution = memberOf(row, 'execution');
  const { workflowId, runId } = execution;
  const named = hasText(workflowId) && hasText(runId);
  const parent = memberOf(row, 'parentExecution')['workflowId'];
  const attributes = attributesOf(row);
  const meaning = meaningOf(STATUSES, row['status']);
  const begins = row['executionTime'] ?? row['startTime'];
  const beginsAt = instantIn(begins);
  const delayed =
    meaning.status === 'running' &&
    meaning.hold === undefined &&
    beginsAt !== undefined &&
    context.now !== undefined &&
    beginsAt > context.now;
  return checkedWire(row, TEMPORAL_EXECUTION_SHAPE, 'Temporal', {
    id: named ? `${workflowId}/${runId}` : undefined,
    type: memberOf(row, 'type')['name'],
    title: workflowId,
    workspace: { id: context.namespace },
    status: delayed ? 'queued' : meaning.status,
    outcome: meaning.outcome,
    hold: delayed ? 'schedule' : meaning.hold,
    hold_since: delayed ? row['startTime'] : undefined,
    not_before: delayed ? begins : undefined,
    native: meaning.native,
    queued_at: row['startTime'],
    started_at: delayed ? undefined : begins,
    ended_at: meaning.status === 'completed' ? row['closeTime'] : undefined,
    flag: flagOf(attributes),
    initiator: initiatorOf(attributes, parent),
    url:
      named && context.ui !== undefined
        ? `${context.ui}namespaces/${encodeURIComponent(context.namespace)}/workflows/${encodeURIComponent(workflowId)}/${encodeURIComponent(runId)}/history`
        : undefined,
    labels: textLabels({
      task_queue: row['taskQueue'],
      deployment: row['workerDeploymentName'],
      parent_workflow: parent,
    }),
  });
}

/** The search attributes of an execution, read once for all that are wanted. */
function attributesOf(row: JsonObject): JsonObject {
  const attributes = objectField(row, 'searchAttributes', 'Temporal') ?? {};
  return objectField(attributes, 'indexedFields', 'Temporal') ?? {};
}

/** Temporal itself notes on an execution that its workflow tasks fail; older servers do not. */
function flagOf(attributes: JsonObject): Record<string, unknown> | undefined {
  const problems = attributeIn(attributes, 'TemporalReportedProblems');
  if (!Array.isArray(problems) || problems.length === 0) return undefined;
  const said = problems.map((problem) => String(problem).replace(/^\w+=(?:WorkflowTaskFailedCause)?/, '')).join(', ');
  return { kind: 'stuck', text: `Temporal reports a problem: ${said.slice(0, 300)}.` };
}

function initiatorOf(attributes: JsonObject, parent: unknown): Record<string, unknown> | undefined {
  const schedule = attributeIn(attributes, 'TemporalScheduledById');
  if (hasText(schedule)) return { kind: 'schedule', name: schedule };
  return hasText(parent) ? { kind: 'api', name: parent } : undefined;
}

/** A search attribute: a payload of base64. */
function attributeIn(attributes: JsonObject, name: string): unknown {
  const data = objectField(attributes, name, 'Temporal')?.['data'];
  if (!hasText(data)) return undefined;
  try {
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}
