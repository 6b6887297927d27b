import type { Flag, Instant, Run } from '../../run.js';
import { hasText, memberOf, type JsonObject } from '../reading/body.js';
import {
  blockedPod,
  containersOf,
  firstFlag,
  phaseOf,
  terminatingPod,
  unfinishedPods,
} from '../reading/cluster/pods.js';
import { firstOf, instantIn } from '../reading/wire-time.js';
import { conditionOf } from './run.js';

/** What a PipelineRun has made: its TaskRuns as runs, and its CustomRuns, which other controllers carry out. */
export type Children = { readonly taskRuns: readonly Run[]; readonly customRuns: readonly JsonObject[] };

/** The custom task of the gate for approvals (openshift-pipelines/manual-approval-gate). */
const APPROVAL = 'ApprovalTask';

/** A PipelineRun with what its tasks show: what all of them wait for, that one cannot start, or that none is left. */
export function withChildren(run: Run, { taskRuns, customRuns }: Children): Run {
  const tasks = taskRuns.filter(({ status }) => status !== 'completed');
  const customs = customRuns.filter((one) => !hasEnded(one));
  if (tasks.length === 0 && customs.length === 0) return withoutWork(run, taskRuns.length + customRuns.length);
  const untaken = customs.find((one) => conditionOf(memberOf(one, 'status'))['status'] === undefined);
  if (untaken !== undefined) return { ...run, flag: untakenFlag(untaken) };
  const flag = tasks.find((task) => task.flag !== undefined)?.flag;
  if (flag !== undefined) return { ...run, flag };
  if (tasks.length === 0) return withCustomRuns(run, customs);
  const [first] = tasks;
  if (customs.length === 0 && first?.hold !== undefined && tasks.every(({ hold }) => hold === first.hold)) {
    return { ...run, hold: first.hold, holdSince: first.holdSince, waitsFor: first.waitsFor };
  }
  const nothingBegan = customRuns.length === 0 && taskRuns.every(({ status }) => status === 'queued');
  return nothingBegan ? { ...run, status: 'queued', startedAt: undefined } : run;
}

/**
 * A run with what its pods show: that no node takes one, that its containers do not start, that one does not go, or that there
 * is none.
 *
 * @param now the clock of the server.
 */
export function withPods(run: Run, pods: readonly JsonObject[], now: Instant | undefined): Run {
  const left = unfinishedPods(pods);
  const flag = firstFlag(left, (pod) => blockedPod(pod) ?? unstartedStep(pod) ?? terminatingPod(pod, now));
  if (flag !== undefined) return { ...run, flag };
  if (left.length > 0 || run.status !== 'running') return run;
  const all = pods.length === 0 ? 'None of its pods exists' : 'All its pods have ended';
  return { ...run, flag: { kind: 'stuck', by: 'tardy', text: `${all}, but Tekton calls it running.` } };
}

/** A step that could not start, while the others of its pod wait for it: the pod does not end by itself. */
function unstartedStep(pod: JsonObject): Flag | undefined {
  for (const container of containersOf(pod)) {
    const { reason, finishedAt } = memberOf(memberOf(container, 'state'), 'terminated');
    if (reason !== 'StartError' && reason !== 'ContainerCannotRun') continue;
    const text = `The container ${String(container['name'])} of its pod ${nameOf(pod)} did not start (${reason}), and the pod continues.`;
    return { kind: 'stuck', by: 'tardy', text, since: instantIn(finishedAt) };
  }
  return undefined;
}

/** Whether a pod has not started yet. */
export function isPending(pod: JsonObject): boolean {
  return phaseOf(pod) === 'Pending';
}

/** The controller makes the next task in a moment, unless it does not run or cannot. */
function withoutWork(run: Run, made: number): Run {
  if (run.status !== 'running') return run;
  const all = made === 0 ? 'It has no task run' : 'All its task runs have ended';
  return { ...run, flag: { kind: 'stuck', by: 'tardy', text: `${all}, but Tekton calls it running.` } };
}

function withCustomRuns(run: Run, customs: readonly JsonObject[]): Run {
  const hold = customs.every((one) => kindOf(one) === APPROVAL) ? 'approval' : 'event';
  const since = customs.flatMap((one) => instantIn(memberOf(one, 'metadata')['creationTimestamp']) ?? []);
  const [first = {}] = customs;
  return { ...run, hold, holdSince: firstOf(since), waitsFor: { kind: kindOf(first), name: nameOf(first) } };
}

function untakenFlag(custom: JsonObject): Flag {
  const since = instantIn(memberOf(custom, 'metadata')['creationTimestamp']);
  const text = `No controller has taken its custom run ${nameOf(custom)} (${kindOf(custom)}).`;
  return { kind: 'cannot_start', by: 'tardy', text, since };
}

function hasEnded(custom: JsonObject): boolean {
  const { status } = conditionOf(memberOf(custom, 'status'));
  return status === 'True' || status === 'False';
}

function kindOf(custom: JsonObject): string {
  const spec = memberOf(custom, 'spec');
  const kind = memberOf(spec, 'customRef')['kind'] ?? memberOf(spec, 'customSpec')['kind'];
  return hasText(kind) ? kind : 'custom task';
}

function nameOf(object: JsonObject): string {
  return String(memberOf(object, 'metadata')['name']);
}
