import { parseDuration } from '../../duration.js';
import type { Flag, FlagKind, Hold, Instant, Run, WaitsFor } from '../../run.js';
import { BLOCKED, fitsNowhere } from '../reading/cluster/pods.js';
import { hasText, isObject, listField, memberOf, objectField, objectsIn, type JsonObject } from '../reading/body.js';
import { because, wordIn } from '../reading/vocabulary.js';
import { instantIn, lastOf } from '../reading/wire-time.js';
import { LOCK, waitOf } from './waits.js';

/** Whether a node of a workflow is active, by Argo's `NodePhase`. */
export const ARGO_NODE_PHASES: Readonly<Record<string, 'active' | 'ended'>> = {
  Pending: 'active',
  Running: 'active',
  Succeeded: 'ended',
  Skipped: 'ended',
  Failed: 'ended',
  Error: 'ended',
  Omitted: 'ended',
};

/** What a node does, by Argo's `NodeType`: work, wait, or hold others together. */
export const ARGO_NODE_TYPES: Readonly<Record<string, 'works' | 'waits' | 'holds'>> = {
  Pod: 'works',
  Container: 'works',
  HTTP: 'works',
  Plugin: 'works',
  Suspend: 'waits',
  Steps: 'holds',
  StepGroup: 'holds',
  DAG: 'holds',
  TaskGroup: 'holds',
  Retry: 'holds',
  Skipped: 'holds',
};

/** How a Retry node says that its next attempt is to come. */
const BACKOFF = /^Backoff for (.+)$/;

/** Whether a node has not ended. An unknown phase may well be work. */
export function isActiveNode(node: JsonObject): boolean {
  return (wordIn(ARGO_NODE_PHASES, node['phase']) ?? 'active') === 'active';
}

/**
 * Whether Argo counts on a pod of a node: it is at work, or it is being created for long enough that it exists.
 *
 * @param now the clock of the server.
 */
export function needsPod(node: JsonObject, now: Instant | undefined): boolean {
  if (node['type'] !== 'Pod' || node['daemoned'] === true) return false;
  if (node['phase'] === 'Running') return true;
  const startedAt = instantIn(node['startedAt']);
  // A node that waits for a lock or a quota has no pod, and says so; it is on hold.
  return node['phase'] === 'Pending' && startedAt !== undefined && now !== undefined && now - startedAt > CREATED_MS;
}

/** How long it may take until the pod of a node exists. */
const CREATED_MS = 5 * 60_000;

/** The nodes of a workflow; none if they are compressed or stored elsewhere, where only Argo's server finds them. */
export function nodesOf(row: JsonObject): readonly JsonObject[] {
  const nodes = objectField(memberOf(row, 'status'), 'nodes', 'Argo') ?? {};
  return objectsIn(Object.values(nodes), 'nodes', 'Argo');
}

/**
 * A running workflow with what its nodes show: that all have ended while it has not, that one cannot start, or that
 * everything left of it waits for a person, a time, a limit or the next attempt.
 *
 * @param row the workflow with its nodes.
 */
export function withNodes(run: Run, row: JsonObject): Run {
  const nodes = nodesOf(row);
  if (nodes.length === 0) return run;
  const left = nodes.filter(isActiveNode);
  // A daemon ends with the workflow, so it is no work that is left.
  const leaves = left.filter((node) => node['daemoned'] !== true && (doesOf(node) !== 'holds' || waitsItself(node)));
  if (leaves.length === 0) return { ...run, flag: endedFlag(nodes, left) };
  const flag = leaves.flatMap((node) => blockedFlag(node) ?? []).at(0);
  if (flag !== undefined) return { ...run, flag };
  const known: Known = {
    nodes: new Map(nodes.map((node) => [node['id'], node])),
    durations: durationsIn(row),
  };
  const waits = leaves.map((node) => waitOfNode(node, known));
  const given = waits.flatMap((wait) => wait ?? []);
  const decisive = given.length < waits.length ? undefined : decisiveOf(given);
  if (decisive === undefined) return run;
  const { hold, waitsFor, since } = decisive;
  return {
    ...run,
    hold,
    ...(waitsFor === undefined ? {} : { waitsFor }),
    ...(since === undefined ? {} : { holdSince: since }),
  };
}

function doesOf(node: JsonObject): 'works' | 'waits' | 'holds' {
  return wordIn(ARGO_NODE_TYPES, node['type']) ?? 'works';
}

/** Nodes that only hold others together, or daemons, are left of the workflow. */
function endedFlag(nodes: readonly JsonObject[], left: readonly JsonObject[]): Flag {
  const since = lastOf(nodes.flatMap((node) => instantIn(node['finishedAt']) ?? []));
  const which = nodes.length === 1 ? 'Its only node has ended' : `All ${nodes.length} nodes have ended`;
  if (left.length === 0) return { kind: 'stuck', by: 'tardy', text: `${which}, but the workflow has not.`, since };
  const names = left.slice(0, MOST_NAMES).map((node) => `${String(node['displayName'])} (${String(node['type'])})`);
  const more = left.length > MOST_NAMES ? ` and ${left.length - MOST_NAMES} more` : '';
  const text = `All its work has ended, but Argo still counts as running: ${names.join(', ')}${more}.`;
  return { kind: 'stuck', by: 'tardy', text, since };
}

const MOST_NAMES = 3;

type NodeWait = { readonly hold: Hold; readonly waitsFor?: WaitsFor | undefined; readonly since?: Instant | undefined };

/** Once everything left of a workflow waits: a person first, then a limit, else what ends first. */
function decisiveOf(waits: readonly NodeWait[]): NodeWait | undefined {
  const last = (hold: Hold) =>
    waits
      .filter((wait) => wait.hold === hold)
      .reduce<NodeWait | undefined>((a, b) => ((a?.since ?? -1) > (b.since ?? -1) ? a : b), undefined);
  const [first] = [...waits].sort((a, b) => (a.waitsFor?.until ?? Infinity) - (b.waitsFor?.until ?? Infinity));
  return last('approval') ?? last('limit') ?? first;
}

/** What is looked up for each node: a workflow may have tens of thousands. */
type Known = {
  readonly nodes: ReadonlyMap<unknown, JsonObject>;
  /** How long templates suspend, by their names. */
  readonly durations: ReadonlyMap<unknown, string>;
};

/** What a node waits for; `undefined` if it is at work. */
function waitOfNode(node: JsonObject, { nodes, durations }: Known): NodeWait | undefined {
  const since = instantIn(node['startedAt']);
  const lock = lockOf(node);
  if (lock !== undefined) return { hold: 'limit', waitsFor: { kind: LOCK, name: lock }, since };
  if (node['type'] === 'Suspend') return suspension(durations.get(node['templateName']), since);
  if (node['type'] === 'Retry') return backoff(node, nodes);
  const { hold, waitsFor } = node['phase'] === 'Pending' && hasText(node['message']) ? waitOf(node['message']) : {};
  return hold === undefined ? undefined : { hold, waitsFor, since };
}

/** A suspended node resumes by itself if its template names a duration, and else waits for a person. */
function suspension(duration: string | undefined, since: Instant | undefined): NodeWait {
  if (duration === undefined) return { hold: 'approval', since };
  const length = /^\d+$/.test(duration) ? Number(duration) * 1000 : parseDuration(duration);
  const until = since === undefined || length === undefined ? undefined : since + length;
  return { hold: 'schedule', waitsFor: { kind: 'duration', name: duration, until }, since };
}

function durationsIn(row: JsonObject): ReadonlyMap<unknown, string> {
  const status = memberOf(row, 'status');
  const stored = Object.values(memberOf(status, 'storedTemplates'));
  const own = [memberOf(row, 'spec'), memberOf(status, 'storedWorkflowTemplateSpec')].flatMap(
    (spec) => listField(spec, 'templates', 'Argo') ?? [],
  );
  const durations = new Map<unknown, string>();
  for (const template of [...own, ...stored].filter(isObject)) {
    const { duration } = memberOf(template, 'suspend');
    // The first of a name counts.
    if (hasText(duration) && !durations.has(template['name'])) durations.set(template['name'], duration);
  }
  return durations;
}

/** The lock that a node of any type waits for before it begins. */
function lockOf(node: JsonObject): string | undefined {
  const lock = memberOf(node, 'synchronizationStatus')['waiting'];
  return hasText(lock) ? lock : undefined;
}

/** Whether a node that holds others together waits before there are any. */
function waitsItself(node: JsonObject): boolean {
  return isBackoff(node) || lockOf(node) !== undefined;
}

function isBackoff(node: JsonObject): boolean {
  return node['type'] === 'Retry' && hasText(node['message']) && BACKOFF.test(node['message']);
}

/** The next attempt comes so long after the last one has ended. */
function backoff(node: JsonObject, nodes: Known['nodes']): NodeWait | undefined {
  const children = (listField(node, 'children', 'Argo') ?? []).filter(hasText);
  const attempts = children.map((id) => nodes.get(id)).filter((one) => one !== undefined);
  const endedAt = lastOf(attempts.flatMap((one) => instantIn(one['finishedAt']) ?? []));
  const length = humanDuration(BACKOFF.exec(String(node['message']))?.[1] ?? '');
  if (endedAt === undefined || length === undefined) return undefined;
  const name = node['displayName'];
  const waitsFor = { kind: 'next attempt', name: hasText(name) ? name : undefined, until: endedAt + length };
  return { hold: 'retry', waitsFor, since: endedAt };
}

const DAY_MS = 86_400_000;
const UNITS_MS: Readonly<Record<string, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: DAY_MS,
  week: 7 * DAY_MS,
};

/** A length of time as Argo words it, in up to two units: `2 hours 30 minutes`. */
function humanDuration(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d{1,9}) (second|minute|hour|day|week)s?\b/g)];
  if (parts.length === 0) return undefined;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS_MS[unit ?? ''] ?? 0), 0);
}

/** A pending node that nothing which happens by itself lets start. Argo quotes the reason of its pod first. */
function blockedFlag(node: JsonObject): Flag | undefined {
  const message = node['message'];
  if (node['phase'] !== 'Pending' || !hasText(message)) return undefined;
  const since = instantIn(node['startedAt']);
  const reason = /^\w+/.exec(message)?.[0] ?? '';
  const { flag } = waitOf(message);
  const kind = flag?.kind ?? podFlagKind(reason, message);
  if (kind === undefined) return undefined;
  return { kind, by: 'source', text: `Its node ${String(node['displayName'])} cannot start${because(message)}`, since };
}

function podFlagKind(reason: string, message: string): FlagKind | undefined {
  if (reason === 'Unschedulable') return fitsNowhere(message) ? 'cannot_start' : 'stuck';
  if (!BLOCKED.has(reason)) return undefined;
  return reason === 'CrashLoopBackOff' ? 'stuck' : 'cannot_start';
}
