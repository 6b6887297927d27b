import { parseDuration } from '../../duration.js';
import { formatInstant } from '../../instant.js';
import { hasText, listField, memberOf, objectField, objectsField, type JsonObject } from '../reading/body.js';
import { labelsOf, typeOf } from '../reading/cluster/object.js';
import { quotaRefusal } from '../reading/cluster/quota.js';
import { checkedWire } from '../reading/read-rows.js';
import { because, meaningOf, shortText, type Vocabulary } from '../reading/vocabulary.js';
import { instantIn } from '../reading/wire-time.js';
import { TEKTON_RUN_SHAPE } from './shapes.js';

/** PipelineRuns, and TaskRuns that no pipeline made. */
export type TektonKind = 'pipelineruns' | 'taskruns';

const SYSTEM = 'the Kubernetes API, with Tekton,';
const PENDING = 'PipelineRunPending';

/**
 * The reasons of the condition `Succeeded` while it is `Unknown` (pkg/apis/pipeline/v1 and pkg/pod/status.go of Tekton). There is no
 * condition until the controller has seen the run.
 */
const TEKTON_REASONS: Readonly<Record<TektonKind, Vocabulary>> = {
  pipelineruns: {
    none: { status: 'queued' },
    [PENDING]: { status: 'queued', hold: 'paused' },
    ResolvingPipelineRef: { status: 'queued' },
    ResolvingTaskRef: { status: 'running' },
    Started: { status: 'running' },
    Running: { status: 'running' },
    Cancelled: { status: 'running' },
    PipelineRunStopping: { status: 'running' },
    CancelledRunningFinally: { status: 'running' },
    StoppedRunningFinally: { status: 'running' },
    PipelineRunCouldntCancel: { status: 'running' },
    PipelineRunCouldntTimeOut: { status: 'running' },
  },
  taskruns: {
    none: { status: 'queued' },
    Started: { status: 'queued' },
    ResolvingTaskRef: { status: 'queued' },
    ResolvingStepActionRef: { status: 'queued' },
    Pending: { status: 'queued' },
    ExceededNodeResources: { status: 'queued' },
    ExceededResourceQuota: { status: 'queued', hold: 'limit' },
    PullImageFailed: { status: 'queued' },
    ToBeRetried: { status: 'queued', hold: 'retry' },
    Running: { status: 'running' },
  },
};

/** The reasons of one that was ended by somebody. */
const CANCELLED = new Set(['Cancelled', 'TaskRunCancelled']);

/** Where a controller says that it holds a run back by making it pending. */
const KUEUE_QUEUE = 'kueue.x-k8s.io/queue-name';
const PAC_STATE = 'pipelinesascode.tekton.dev/state';
const PAC_REPOSITORY = 'pipelinesascode.tekton.dev/repository';

const OWN = /^(?:tekton\.dev\/|triggers\.tekton\.dev\/|app\.kubernetes\.io\/managed-by$)/;
const LISTENER = 'triggers.tekton.dev/eventlistener';

/** A PipelineRun or a TaskRun as the API server lists it, in the wire form of a run. */
export function tektonRunToWire(kind: TektonKind): (row: JsonObject) => Record<string, unknown> {
  return (row) => {
    const metadata = objectField(row, 'metadata', SYSTEM) ?? {};
    const spec = objectField(row, 'spec', SYSTEM) ?? {};
    const status = objectField(row, 'status', SYSTEM) ?? {};
    const { namespace, name } = metadata;
    const named = hasText(namespace) && hasText(name);
    const labels = memberOf(metadata, 'labels');
    const condition = conditionOf(status);
    const ended = endOf(condition);
    const meaning = ended ?? meaningOf(TEKTON_REASONS[kind], wordOf(spec, condition));
    const active = ended === undefined;
    const { hold, waitsFor, flag } = active ? waitIn(meaning, labels, condition) : {};
    return checkedWire(row, TEKTON_RUN_SHAPE, SYSTEM, {
      id: named ? tektonId(kind, namespace, name) : undefined,
      type: definitionOf(kind, metadata, labels),
      title: name,
      workspace: { id: namespace },
      status: meaning.status,
      outcome: meaning.outcome,
      hold,
      hold_since: hold === undefined ? undefined : (condition['lastTransitionTime'] ?? metadata['creationTimestamp']),
      waits_for: waitsFor,
      flag,
      native: meaning.native,
      queued_at: metadata['creationTimestamp'],
      started_at: meaning.status === 'queued' ? undefined : (status['startTime'] ?? undefined),
      ended_at: active ? undefined : (status['completionTime'] ?? condition['lastTransitionTime']),
      deadline_at: hold === 'paused' ? undefined : deadlineOf(timeoutOf(kind, spec), status['startTime']),
      attempt: (listField(status, 'retriesStatus', SYSTEM) ?? []).length + 1,
      progress: progressOf(condition['message']),
      failure:
        meaning.outcome === 'failed'
          ? { code: condition['reason'], message: shortText(condition['message']) }
          : undefined,
      initiator: hasText(labels[LISTENER]) ? { kind: 'event', name: labels[LISTENER] } : undefined,
      labels: labelsOf(labels, (label) => OWN.test(label)),
    });
  };
}

/** The id of a run; a TaskRun may be called like a PipelineRun. */
function tektonId(kind: TektonKind, namespace: string, name: string): string {
  return kind === 'pipelineruns' ? `${namespace}/${name}` : `${namespace}/taskruns/${name}`;
}

/** The condition that says how a run is; empty until the controller has seen it. */
export function conditionOf(status: JsonObject): JsonObject {
  return objectsField(status, 'conditions', SYSTEM).find(({ type }) => type === 'Succeeded') ?? {};
}

function endOf({ status, reason }: JsonObject) {
  if (status !== 'True' && status !== 'False') return undefined;
  const word = hasText(reason) ? reason : status;
  const failed = CANCELLED.has(word) ? ('cancelled' as const) : ('failed' as const);
  return {
    status: 'completed' as const,
    outcome: status === 'True' ? ('succeeded' as const) : failed,
    hold: undefined,
    native: { status: word },
  };
}

/** A run that is pending has no condition of its own until the controller sees it; a status of tomorrow is no reason that is known. */
function wordOf(spec: JsonObject, { status, reason }: JsonObject): unknown {
  if (spec['status'] === PENDING) return PENDING;
  if (status === undefined) return 'none';
  return status === 'Unknown' ? reason : `Succeeded ${typeof status === 'string' ? status : JSON.stringify(status)}`;
}

type Wait = { readonly hold?: unknown; readonly waitsFor?: unknown; readonly flag?: unknown };

function waitIn({ hold, native }: ReturnType<typeof meaningOf>, labels: JsonObject, condition: JsonObject): Wait {
  const { message, lastTransitionTime: since } = condition;
  const flag = (kind: string, text: string) => ({ kind, by: 'source', text: `${text}${because(message)}`, since });
  switch (native.status) {
    case PENDING:
      if (hasText(labels[KUEUE_QUEUE]))
        return { hold: 'limit', waitsFor: { kind: 'queue of Kueue', name: labels[KUEUE_QUEUE] } };
      if (labels[PAC_STATE] === 'queued')
        return { hold: 'limit', waitsFor: { kind: 'limit of the repository', name: labels[PAC_REPOSITORY] } };
      return { hold };
    case 'ExceededResourceQuota': {
      const quota = hasText(message) ? quotaRefusal(message) : undefined;
      if (quota?.mayFit === false) return { flag: flag('cannot_start', 'Tekton cannot create its pod') };
      return { hold, waitsFor: { kind: 'quota', name: quota?.name } };
    }
    case 'ExceededNodeResources':
      return { flag: flag('stuck', 'No node has room for its pod') };
    case 'PullImageFailed':
      return { flag: flag('cannot_start', 'An image of its pod cannot be pulled') };
    case 'PipelineRunCouldntCancel':
    case 'PipelineRunCouldntTimeOut':
      return { flag: flag('stuck', 'Tekton cannot end it') };
    default:
      return { hold };
  }
}

/** The name of the pipeline or task; one that is written into its run is called like the run. */
function definitionOf(kind: TektonKind, metadata: JsonObject, labels: JsonObject): unknown {
  const defined = labels[kind === 'pipelineruns' ? 'tekton.dev/pipeline' : 'tekton.dev/task'];
  return hasText(defined) && defined !== metadata['name'] ? defined : typeOf(metadata);
}

function timeoutOf(kind: TektonKind, spec: JsonObject): unknown {
  return kind === 'pipelineruns' ? memberOf(spec, 'timeouts')['pipeline'] : spec['timeout'];
}

/** When a run that started at a time has taken as long as its timeout, which Go writes (`1h0m0s`); 0 is none. */
function deadlineOf(timeout: unknown, start: unknown): unknown {
  const startedAt = instantIn(start);
  if (!hasText(timeout) || startedAt === undefined) return undefined;
  const length = parseDuration(timeout);
  if (length === 0) return undefined;
  return length === undefined ? timeout : formatInstant(startedAt + length);
}

const COUNTS = /^Tasks Completed: (\d+) .*?(?:Incomplete: (\d+), )?Skipped: (\d+)$/;

/** Tekton counts the tasks of a PipelineRun in a message only. */
function progressOf(message: unknown): Record<string, unknown> | undefined {
  if (typeof message !== 'string' || message.length > 200) return undefined;
  const [, completed, incomplete = '0', skipped] = COUNTS.exec(message) ?? [];
  if (completed === undefined || skipped === undefined) return undefined;
  const processed = Number(completed) + Number(skipped);
  return { processed, total: processed + Number(incomplete), unit: 'tasks' };
}
