import type { JsonObject } from './body.js';
import { deadlineOf, isText, partOf, typeOf } from './kubernetes-job.js';
import { meaningOf, shortText, type Vocabulary } from './native-words.js';
import { textLabels } from './read-rows.js';

/** Argo's `WorkflowPhase`. It has none until the controller saw the workflow. */
export const ARGO_PHASES: Vocabulary = {
  none: { status: 'queued' },
  Pending: { status: 'queued' },
  Running: { status: 'running' },
  Succeeded: { status: 'completed', outcome: 'succeeded' },
  Failed: { status: 'completed', outcome: 'failed' },
  Error: { status: 'completed', outcome: 'failed' },
};

const OWN = 'workflows.argoproj.io/';

/** How the controller says that a workflow waits for others: for a lock, or since as many run as may. */
const WAITS_FOR_OTHERS = /^Waiting for .* lock|too many workflows are already running/;

/**
 * A workflow as Argo lists it, in the wire form of a run.
 *
 * @param pages where people see workflows; absent where that is not known.
 */
export function argoWorkflowToWire(row: JsonObject, pages: string | undefined): Record<string, unknown> {
  const [metadata, spec, status] = [partOf(row, 'metadata'), partOf(row, 'spec'), partOf(row, 'status')];
  const { namespace, name } = metadata;
  const named = isText(namespace) && isText(name);
  const labels = partOf(metadata, 'labels');
  const phase = status['phase'];
  const meaning = meaningOf(ARGO_PHASES, phase === '' ? undefined : phase);
  const active = meaning.status !== 'completed';
  const stopped = phase === 'Failed' && isText(spec['shutdown']);
  const message = shortText(status['message']);
  return {
    id: named ? `${namespace}/${name}` : undefined,
    type: templateOf(labels) ?? typeOf(metadata),
    title: name,
    workspace: { id: namespace },
    ...meaning,
    ...(stopped ? { outcome: 'cancelled' } : {}),
    ...(active ? holdOf(spec, status) : {}),
    queued_at: metadata['creationTimestamp'],
    started_at: meaning.status === 'queued' ? undefined : (status['startedAt'] ?? undefined),
    ended_at: active ? undefined : (status['finishedAt'] ?? undefined),
    deadline_at: deadlineOf(spec, status['startedAt']),
    progress: progressOf(status['progress']),
    failure: meaning.outcome === 'failed' && !stopped ? { code: phase, message } : undefined,
    initiator: initiatorOf(labels),
    url:
      named && pages !== undefined
        ? `${pages}workflows/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`
        : undefined,
    labels: textLabels(Object.fromEntries(Object.entries(labels).filter(([label]) => !label.startsWith(OWN)))),
  };
}

function holdOf(spec: JsonObject, status: JsonObject): Record<string, unknown> {
  if (spec['suspend'] === true) return { hold: 'paused' };
  const message = status['message'];
  return status['phase'] === 'Pending' && isText(message) && WAITS_FOR_OTHERS.test(message)
    ? { hold: 'dependency' }
    : {};
}

function templateOf(labels: JsonObject): string | undefined {
  const names = ['cron-workflow', 'workflow-template', 'cluster-workflow-template'].map((one) => labels[OWN + one]);
  return names.find(isText);
}

function progressOf(progress: unknown): Record<string, unknown> | undefined {
  const [, processed, total] = typeof progress === 'string' ? (/^(\d+)\/(\d+)$/.exec(progress) ?? []) : [];
  if (processed === undefined || total === undefined || Number(total) === 0) return undefined;
  return { processed: Math.min(Number(processed), Number(total)), total: Number(total), unit: 'steps' };
}

function initiatorOf(labels: JsonObject): Record<string, unknown> | undefined {
  const schedule = labels[`${OWN}cron-workflow`];
  if (isText(schedule)) return { kind: 'schedule', name: schedule };
  const [creator] = ['creator-preferred-username', 'creator-email', 'creator']
    .map((one) => labels[OWN + one])
    .filter(isText);
  return creator === undefined ? undefined : { kind: 'user', name: creator };
}
