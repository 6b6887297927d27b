import { hasText, isTrue, memberOf, objectField, type JsonObject } from '../reading/body.js';
import { deadlineOf, labelsOf, typeOf } from '../reading/cluster/object.js';
import { meaningOf, shortText, type Vocabulary } from '../reading/vocabulary.js';
import { waitOf, type Wait } from './waits.js';
import { WORKFLOW_SHAPE } from './shapes.js';
import { checkedWire } from '../reading/read-rows.js';

/** Argo's `WorkflowPhase`. It has none until the controller has seen the workflow. */
export const ARGO_PHASES: Vocabulary = {
  none: { status: 'queued' },
  Pending: { status: 'queued' },
  Running: { status: 'running' },
  Succeeded: { status: 'completed', outcome: 'succeeded' },
  Failed: { status: 'completed', outcome: 'failed' },
  Error: { status: 'completed', outcome: 'failed' },
};

const SYSTEM = 'Argo';

const OWN = 'workflows.argoproj.io/';

/**
 * A workflow as Argo lists it, in the wire form of a run.
 *
 * @param pages the URL of Argo's UI; absent if unknown.
 */
export function argoWorkflowToWire(row: JsonObject, pages: string | undefined): Record<string, unknown> {
  const metadata = objectField(row, 'metadata', SYSTEM) ?? {};
  const spec = objectField(row, 'spec', SYSTEM) ?? {};
  const status = objectField(row, 'status', SYSTEM) ?? {};
  const { namespace, name } = metadata;
  const named = hasText(namespace) && hasText(name);
  const labels = memberOf(metadata, 'labels');
  const phase = status['phase'];
  const meaning = meaningOf(ARGO_PHASES, phase === '' ? undefined : phase);
  const active = meaning.status !== 'completed';
  const stopped = phase === 'Failed' && hasText(spec['shutdown']);
  const message = shortText(status['message']);
  const { hold, waitsFor, flag } = active ? waitIn(spec, status) : {};
  return checkedWire(row, WORKFLOW_SHAPE, SYSTEM, {
    id: named ? `${namespace}/${name}` : undefined,
    type: firstOf(TEMPLATES, labels) ?? typeOf(metadata),
    title: name,
    workspace: { id: namespace },
    status: meaning.status,
    outcome: stopped ? 'cancelled' : meaning.outcome,
    hold,
    waits_for: waitsFor,
    flag,
    native: meaning.native,
    queued_at: metadata['creationTimestamp'],
    started_at: meaning.status === 'queued' ? undefined : (status['startedAt'] ?? undefined),
    ended_at: active ? undefined : (status['finishedAt'] ?? undefined),
    // The controller does not enforce the time limit of a suspended workflow.
    deadline_at: hold === 'paused' ? undefined : deadlineOf(limitsOf(spec, status), status['startedAt']),
    progress: progressOf(status['progress']),
    failure: meaning.outcome === 'failed' && !stopped ? { code: phase, message } : undefined,
    initiator: initiatorOf(labels),
    url:
      named && pages !== undefined
        ? `${pages}workflows/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`
        : undefined,
    labels: labelsOf(labels, isOwn),
  });
}

function isOwn(label: string): boolean {
  return label.startsWith(OWN);
}

/** A workflow that refers to a template has its limits from there, unless it names its own. */
function limitsOf(spec: JsonObject, status: JsonObject): JsonObject {
  return spec['activeDeadlineSeconds'] === undefined ? memberOf(status, 'storedWorkflowTemplateSpec') : spec;
}

function waitIn(spec: JsonObject, status: JsonObject): Wait {
  if (isTrue(spec['suspend'])) return { hold: 'paused' };
  const message = status['message'];
  return status['phase'] === 'Pending' && hasText(message) ? waitOf(message) : {};
}

/** Labels that name the origin and the creator of a workflow; the first present one counts. */
const CRON_WORKFLOW = `${OWN}cron-workflow`;
const TEMPLATES = [CRON_WORKFLOW, `${OWN}workflow-template`, `${OWN}cluster-workflow-template`];
const CREATORS = [`${OWN}creator-preferred-username`, `${OWN}creator-email`, `${OWN}creator`];

function firstOf(names: readonly string[], labels: JsonObject): string | undefined {
  for (const name of names) {
    const text = labels[name];
    if (hasText(text)) return text;
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
  if (hasText(schedule)) return { kind: 'schedule', name: schedule };
  const creator = firstOf(CREATORS, labels);
  return creator === undefined ? undefined : { kind: 'user', name: creator };
}
