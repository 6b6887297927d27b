import type { Hold } from '../../run.js';
import { isText, memberOf, type JsonObject } from '../reading/body.js';
import { deadlineOf, labelsOf, typeOf } from '../kubernetes/job.js';
import { meaningOf, shortText, type Vocabulary } from '../reading/vocabulary.js';

/** Argo's `WorkflowPhase`. It has none until the controller has seen the workflow. */
export const ARGO_PHASES: Vocabulary = {
  none: { status: 'queued' },
  Pending: { status: 'queued' },
  Running: { status: 'running' },
  Succeeded: { status: 'completed', outcome: 'succeeded' },
  Failed: { status: 'completed', outcome: 'failed' },
  Error: { status: 'completed', outcome: 'failed' },
};

const OWN = 'workflows.argoproj.io/';

/** The messages of the controller for a workflow that waits for others: for a lock, or for a limit on running ones. */
const WAITS_FOR_OTHERS = /^Waiting for .* lock|too many workflows are already running/;

/**
 * A workflow as Argo lists it, in the wire form of a run.
 *
 * @param pages the URL of Argo's UI; absent if unknown.
 */
export function argoWorkflowToWire(row: JsonObject, pages: string | undefined): Record<string, unknown> {
  const [metadata, spec, status] = [memberOf(row, 'metadata'), memberOf(row, 'spec'), memberOf(row, 'status')];
  const { namespace, name } = metadata;
  const named = isText(namespace) && isText(name);
  const labels = memberOf(metadata, 'labels');
  const phase = status['phase'];
  const meaning = meaningOf(ARGO_PHASES, phase === '' ? undefined : phase);
  const active = meaning.status !== 'completed';
  const stopped = phase === 'Failed' && isText(spec['shutdown']);
  const message = shortText(status['message']);
  return {
    id: named ? `${namespace}/${name}` : undefined,
    type: firstOf(TEMPLATES, labels) ?? typeOf(metadata),
    title: name,
    workspace: { id: namespace },
    status: meaning.status,
    outcome: stopped ? 'cancelled' : meaning.outcome,
    hold: active ? holdOf(spec, status) : undefined,
    native: meaning.native,
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
    labels: labelsOf(labels, isOwn),
  };
}

function isOwn(label: string): boolean {
  return label.startsWith(OWN);
}

function holdOf(spec: JsonObject, status: JsonObject): Hold | undefined {
  if (spec['suspend'] === true) return 'paused';
  const message = status['message'];
  const waits = status['phase'] === 'Pending' && isText(message) && WAITS_FOR_OTHERS.test(message);
  return waits ? 'dependency' : undefined;
}

/** Labels that name the origin and the creator of a workflow; the first present one counts. */
const CRON_WORKFLOW = `${OWN}cron-workflow`;
const TEMPLATES = [CRON_WORKFLOW, `${OWN}workflow-template`, `${OWN}cluster-workflow-template`];
const CREATORS = [`${OWN}creator-preferred-username`, `${OWN}creator-email`, `${OWN}creator`];

function firstOf(names: readonly string[], labels: JsonObject): string | undefined {
  for (const name of names) {
    const text = labels[name];
    if (isText(text)) return text;
  }
  return undefined;
}

function progressOf(progress: unknown): Record<string, unknown> | undefined {
  const [, processed, total] = typeof progress === 'string' ? (/^(\d+)\/(\d+)$/.exec(progress) ?? []) : [];
  if (processed === undefined || total === undefined || Number(total) === 0) return undefined;
  return { processed: Math.min(Number(processed), Number(total)), total: Number(total), unit: 'steps' };
}

function initiatorOf(labels: JsonObject): Record<string, unknown> | undefined {
  const schedule = labels[CRON_WORKFLOW];
  if (isText(schedule)) return { kind: 'schedule', name: schedule };
  const creator = firstOf(CREATORS, labels);
  return creator === undefined ? undefined : { kind: 'user', name: creator };
}
