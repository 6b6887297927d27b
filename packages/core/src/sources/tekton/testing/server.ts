import { memberOf, type JsonObject } from '../../reading/body.js';
import type { Server } from '../../testing/fetch.js';
import { fixture, recorded } from '../../testing/fixtures.js';

export const PIPELINE_RUN = fixture('tekton/pipelinerun.json');
export const TASK_RUN = fixture('tekton/taskrun.json');

/** Objects of a cluster by the last part of their path. */
export type Objects = Readonly<
  Partial<Record<'pipelineruns' | 'taskruns' | 'customruns' | 'pods' | 'nodes', readonly unknown[]>>
>;

const KINDS = {
  pipelineruns: 'PipelineRun',
  taskruns: 'TaskRun',
  customruns: 'CustomRun',
  pods: 'Pod',
  nodes: 'Node',
};
type Plural = keyof typeof KINDS;
const isPlural = (text: string): text is Plural => Object.hasOwn(KINDS, text);

/** An API server with these objects, in pages, which selects by one label. Its clock is that of its last change. */
export function tektonServer(objects: Objects, size = 500): Server {
  const headers = { date: 'Thu, 07 Apr 2022 12:40:00 GMT' };
  return ({ pathname, searchParams }) => {
    const [last = '', before = ''] = pathname.split('/').reverse();
    if (isPlural(before)) {
      const found = (objects[before] ?? []).find((one) => nameOf(one) === last);
      return found === undefined
        ? { status: 404, body: recorded('tekton/error-not-found.json'), headers }
        : { body: { kind: KINDS[before], ...(found as JsonObject) }, headers };
    }
    if (!isPlural(last)) return { status: 404, body: {}, headers };
    const all = (objects[last] ?? []).filter((one) => isSelected(one, searchParams.get('labelSelector')));
    const from = Number(searchParams.get('continue') ?? 0);
    const items = all.slice(from, searchParams.has('limit') ? from + size : undefined);
    const left = all.length - from - items.length;
    const more = left > 0 ? { continue: String(from + size), remainingItemCount: left } : {};
    return { body: { kind: `${KINDS[last]}List`, metadata: { resourceVersion: '503', ...more }, items }, headers };
  };
}

function isSelected(object: unknown, selector: string | null): boolean {
  const labels = memberOf(memberOf(object, 'metadata'), 'labels');
  if (selector === null) return true;
  if (selector.startsWith('!')) return labels[selector.slice(1)] === undefined;
  const [label = '', value] = selector.split('=');
  return labels[label] === value;
}

function nameOf(object: unknown): string {
  return String(memberOf(object, 'metadata')['name']);
}

/** The run with another condition; `undefined` for one that no controller has seen. */
export function withCondition(row: JsonObject, condition: JsonObject | undefined, more: JsonObject = {}): JsonObject {
  const status = memberOf(row, 'status');
  const conditions =
    condition === undefined
      ? []
      : [{ type: 'Succeeded', status: 'Unknown', lastTransitionTime: '2022-04-07T12:34:58Z', ...condition }];
  return { ...row, status: { ...status, conditions, ...more } };
}

/** The object with other fields of its metadata. */
export function withMetadata(row: JsonObject, metadata: JsonObject): JsonObject {
  return { ...row, metadata: { ...memberOf(row, 'metadata'), ...metadata } };
}
