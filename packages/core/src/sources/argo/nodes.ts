import type { Hold, Run } from '../../run.js';
import { isObject, isText, memberOf, type JsonObject } from '../reading/body.js';
import { BLOCKED } from '../kubernetes/pods.js';
import { because, wordIn } from '../reading/vocabulary.js';
import { instantIn } from '../reading/wire-time.js';

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

/**
 * What the nodes of a running workflow show: that all have ended while it has not, that only a suspended one is left, that
 * one waits for a lock or cannot start.
 *
 * @param row the workflow with its nodes.
 */
export function seenInNodes(run: Run, row: JsonObject): Run {
  const status = memberOf(row, 'status');
  const nodes = Object.values(memberOf(status, 'nodes')).filter(isObject);
  // Nodes of a large workflow are compressed or stored elsewhere, where only Argo's server finds them.
  if (nodes.length === 0) return run;
  const left = nodes.filter((node) => (wordIn(ARGO_NODE_PHASES, node['phase']) ?? 'active') === 'active');
  if (left.length === 0) {
    const ends = nodes.flatMap((node) => instantIn(node['finishedAt']) ?? []);
    const since = ends.length === 0 ? undefined : Math.max(...ends);
    const which = nodes.length === 1 ? 'Its only node has ended' : `All ${nodes.length} nodes have ended`;
    return { ...run, flag: { kind: 'stuck', text: `${which}, but the workflow has not.`, since } };
  }
  const leaves = left.filter((node) => (wordIn(ARGO_NODE_TYPES, node['type']) ?? 'works') !== 'holds');
  const blocked = leaves.find(isBlocked);
  if (blocked !== undefined) {
    const text = `Its node ${String(blocked['displayName'])} cannot start${because(blocked['message'])}`;
    return { ...run, flag: { kind: 'stuck', text, since: instantIn(blocked['startedAt']) } };
  }
  const holds = leaves.map((node) => holdOf(node, row));
  // Once everything left of a workflow waits, the reason that most needs a person counts.
  const hold = holds.includes(undefined) ? undefined : HOLDS.find((one) => holds.includes(one));
  if (hold === undefined) return run;
  const since = leaves.flatMap((node) => instantIn(node['startedAt']) ?? []);
  return { ...run, hold, ...(since.length === 0 ? {} : { holdSince: Math.max(...since) }) };
}

const HOLDS: readonly Hold[] = ['approval', 'schedule', 'dependency'];

function holdOf(node: JsonObject, row: JsonObject): Hold | undefined {
  if (node['type'] === 'Suspend') return waitsForTime(node, row) ? 'schedule' : 'approval';
  return isText(memberOf(node, 'synchronizationStatus')['waiting']) ? 'dependency' : undefined;
}

/** A suspended node resumes by itself if its template names a duration, and else waits for a person. */
function waitsForTime(node: JsonObject, row: JsonObject): boolean {
  const stored = Object.values(memberOf(memberOf(row, 'status'), 'storedTemplates'));
  const own = [memberOf(row, 'spec'), memberOf(memberOf(row, 'status'), 'storedWorkflowTemplateSpec')].flatMap(
    (spec) => (Array.isArray(spec['templates']) ? (spec['templates'] as readonly unknown[]) : []),
  );
  return [...own, ...stored]
    .filter(isObject)
    .some((one) => one['name'] === node['templateName'] && isText(memberOf(one, 'suspend')['duration']));
}

/** Argo says why a pending pod waits, the reason first. */
function isBlocked(node: JsonObject): boolean {
  const message = node['message'];
  const reason = isText(message) ? (/^\w+/.exec(message)?.[0] ?? '') : '';
  return node['phase'] === 'Pending' && (reason === 'Unschedulable' || BLOCKED.has(reason));
}
