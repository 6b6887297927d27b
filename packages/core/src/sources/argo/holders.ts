import type { Run } from '../../run.js';
import { hasText, isText, listField, memberOf, objectField, objectsField, type JsonObject } from '../reading/body.js';
import { isActiveNode, nodesOf } from './nodes.js';
import { LOCK, RUNNING_LIMIT } from './waits.js';

/** The field of a workflow's status that names the locks it holds. */
export const SYNCHRONIZATION = 'status.synchronization';

const SYSTEM = 'Argo';

/** Whether other workflows show who holds what the run waits for. */
export function waitsForOthers(run: Run): boolean {
  return run.hold === 'limit' && [LOCK, RUNNING_LIMIT].includes(run.waitsFor?.kind ?? '');
}

/**
 * A run that waits for a lock or for its turn, checked against the active workflows: behind which one it waits, or that none holds
 * what it waits for.
 *
 * @param row the workflow with its nodes.
 * @param active all active workflows of `namespace`, or of all namespaces.
 */
export function withHolders(
  run: Run,
  row: JsonObject,
  active: readonly JsonObject[],
  namespace: string | undefined,
): Run {
  if (run.waitsFor?.kind === RUNNING_LIMIT) return withRunning(run, row, active, namespace);
  const lock = run.waitsFor?.name ?? '';
  const holder = active.find((one) => holdersOf(one, lock).some((key) => stillHolds(key, run, row)));
  if (holder !== undefined) {
    const held = active.flatMap((one) => holdersOf(one, lock)).filter((key) => stillHolds(key, run, row)).length;
    return withFreePlace(behind(run, holder), row, lock, held);
  }
  const known = [lock, ...awaitedHolders(row, lock)];
  // Locks of a database are shared by clusters, and workflows of other namespaces are not read.
  const elsewhere = known.some((key) => namespace !== undefined && key.split('/', 1)[0] !== namespace);
  if (lock.split('/')[1] === 'Database' || elsewhere) return run;
  const gone = awaitedHolders(row, lock).find((key) => !key.startsWith(run.id));
  const before = gone === undefined ? '' : `; ${gone} held it`;
  const text = `No active workflow holds the lock ${lock}${before}. The controller has not passed it on.`;
  return { ...run, flag: { kind: 'orphaned', by: 'tardy', text } };
}

/** Argo says how many places of a semaphore are free, and at times gives one to nobody. */
function withFreePlace(run: Run, row: JsonObject, lock: string, held: number): Run {
  const status = memberOf(row, 'status');
  const said = [status, ...nodesOf(row)].map(({ message }) => message).filter(isText);
  const message = said.find((text) => text.startsWith(`Waiting for ${lock} lock`));
  const [, free = 0, places = 0] = (/Lock status: (\d+)\/(\d+)/.exec(message ?? '') ?? []).map(Number);
  if (message === undefined || free === 0 || held >= places) return run;
  const text = `${message.trim()}, and only ${held} of its places ${held === 1 ? 'is' : 'are'} held`;
  return { ...run, flag: { kind: 'stuck', by: 'tardy', text } };
}

/** The limit may be one of all namespaces, so a single one does not show that it is free. */
function withRunning(run: Run, row: JsonObject, active: readonly JsonObject[], namespace: string | undefined): Run {
  if (namespace !== undefined || active.some((one) => memberOf(one, 'status')['phase'] === 'Running')) return run;
  const said = String(memberOf(row, 'status')['message']);
  return { ...run, flag: { kind: 'orphaned', by: 'tardy', text: `None is running, but Argo says: ${said}` } };
}

function behind(run: Run, holder: JsonObject): Run {
  const { namespace, name } = memberOf(holder, 'metadata');
  const { phase } = memberOf(holder, 'status');
  if (!hasText(namespace) || !hasText(name)) return run;
  const waitsFor = { kind: 'workflow', id: `${namespace}/${name}`, name, ...(hasText(phase) ? { state: phase } : {}) };
  return { ...run, waitsFor };
}

/** A node of the run itself that has ended does not hold a lock legitimately. */
function stillHolds(key: string, run: Run, row: JsonObject): boolean {
  const [namespace, name, node] = key.split('/');
  if (`${namespace}/${name}` !== run.id || node === undefined) return true;
  const nodes = objectField(memberOf(row, 'status'), 'nodes', SYSTEM) ?? {};
  return isActiveNode(memberOf(nodes, node));
}

/** The keys (`namespace/workflow/node`) by which a workflow holds a lock. */
function holdersOf(row: JsonObject, lock: string): readonly string[] {
  return keysOf(row, lock, 'holding');
}

/** The keys that held the lock when the workflow began to wait for it. */
function awaitedHolders(row: JsonObject, lock: string): readonly string[] {
  return keysOf(row, lock, 'waiting');
}

function keysOf(row: JsonObject, lock: string, list: 'holding' | 'waiting'): readonly string[] {
  const all = objectField(memberOf(row, 'status'), 'synchronization', SYSTEM) ?? {};
  const entries = (kind: string) => {
    const owner = objectField(all, kind, SYSTEM) ?? {};
    return objectsField(owner, list, SYSTEM);
  };
  const mutexes = entries('mutex').filter(({ mutex }) => mutex === lock);
  const semaphores = entries('semaphore').filter(({ semaphore }) => semaphore === lock);
  const holders = semaphores.flatMap((one) => listField(one, 'holders', SYSTEM) ?? []);
  return [...mutexes.map(({ holder }) => holder), ...holders].filter(hasText);
}
