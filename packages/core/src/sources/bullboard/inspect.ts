import type { Flag, Instant, Run } from '../../run.js';
import {
  countField,
  hasNumber,
  hasText,
  isObject,
  isTrue,
  objectField,
  objectsField,
  textField,
  type JsonObject,
} from '../reading/body.js';
import { lastOf } from '../reading/wire-time.js';
import { SourceError } from '../source.js';
import { BULLBOARD_ENDED } from './job.js';

const SYSTEM = 'bull-board';

/** A job and its children, as the board draws them. */
type FlowNode = {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly queueName: string | undefined;
  readonly state: string;
  readonly children: readonly FlowNode[];
  /** The board left out children. */
  readonly isTruncated: boolean;
  /** How many children the parent waits for; absent in older boards. */
  readonly awaited: number | undefined;
};

/**
 * The parent with what its children show: it waits for the first that may still end, or in vain. It comes back as it is where the
 * board does not show all of them.
 *
 * @param tree the flow that the parent belongs to.
 * @throws {SourceError} `shape` for a flow of another form.
 */
export function parentWithChildren(run: Run, tree: unknown, queue: string, job: string): Run {
  if (isObject(tree) && !('flowRoot' in tree)) throw new SourceError('shape', `${SYSTEM} sent no flow of the job.`);
  const flow = objectField(tree, 'flowRoot', SYSTEM);
  if (flow === undefined) return run;
  const root = nodeOf(flow);
  const node = nodeIn(root, queue, job);
  if (node === undefined) {
    if (hasTruncated(root)) return run;
    throw new SourceError('shape', `${SYSTEM} sent a flow without the job.`);
  }
  const living = node.children.find(mayEnd);
  if (living !== undefined) {
    const { id, name, queueName, state } = living;
    return {
      ...run,
      flag: undefined,
      waitsFor: {
        kind: 'job',
        id: `${queueName}/${id}`,
        name,
        state,
      },
    };
  }
  if (node.isTruncated || node.awaited === undefined) return run;
  const failed = node.children.filter(({ state }) => state === 'failed').length;
  const ended = node.children.filter(({ state }) => BULLBOARD_ENDED.includes(state)).length;
  const text =
    failed > 0
      ? `${failed} of its children failed, and none is left that could still end.`
      : ended > 0 && ended === node.children.length
        ? 'All of its children have ended, yet it still waits for one of them.'
        : 'None of the children that it waits for exists.';
  return { ...run, flag: { kind: 'orphaned', by: 'tardy', text } };
}

/** The flag with the time since which it can hold: the queue had a worker when something last happened in it. */
export function sinceActivity(flag: Flag, run: Run, happened: readonly Instant[]): Flag {
  const own = [run.queuedAt, run.startedAt, run.notBefore].filter((at) => at !== undefined);
  const last = lastOf(happened);
  return last === undefined || last <= (lastOf(own) ?? 0) ? flag : { ...flag, since: last };
}

/** When jobs of a list started and ended. */
export function timesOf(jobs: readonly unknown[]): readonly Instant[] {
  return jobs.flatMap((job) =>
    isObject(job) ? [job['processedOn'], job['finishedOn']].filter((at) => hasNumber(at)) : [],
  );
}

function nodeOf(node: JsonObject): FlowNode {
  const dependencies = objectField(node, 'dependencies', SYSTEM);
  return {
    id: textField(node, 'id', SYSTEM),
    name: textField(node, 'name', SYSTEM),
    queueName: textField(node, 'queueName', SYSTEM),
    state: stateOf(node),
    children: objectsField(node, 'children', SYSTEM).map(nodeOf),
    isTruncated: isTrue(node['truncated']),
    awaited: dependencies === undefined ? undefined : countField(dependencies, 'unprocessed', SYSTEM),
  };
}

function nodeIn(node: FlowNode, queue: string, job: string): FlowNode | undefined {
  if (node.id === job && node.queueName === queue) return node;
  for (const child of node.children) {
    const found = nodeIn(child, queue, job);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** One that was removed is `unknown`. */
function stateOf(node: JsonObject): string {
  const { state } = node;
  if (hasText(state)) return state;
  throw new SourceError('shape', `${SYSTEM} sent a job of a flow without its state.`);
}

function hasTruncated({ isTruncated, children }: FlowNode): boolean {
  return isTruncated || children.some(hasTruncated);
}

/** Whether a child may still end. One that was removed has no state; one that waits for children is as alive as they are. */
function mayEnd({ state, children, isTruncated, awaited }: FlowNode): boolean {
  if (state === 'waiting-children') return isTruncated || awaited === undefined || children.some(mayEnd);
  return state !== 'unknown' && !BULLBOARD_ENDED.includes(state);
}
