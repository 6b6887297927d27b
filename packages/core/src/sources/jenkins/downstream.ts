import type { Run } from '../../run.js';
import { isObject, type JsonObject } from '../reading/body.js';
import { readOneRow } from '../reading/read-rows.js';
import type { SourceFetch } from '../source.js';
import type { AtWork } from './executors.js';
import { jenkinsJobPath, jenkinsPath } from './path.js';
import { inspectItem } from './queue.js';
import { jenkinsBuildToWire, jenkinsItemToWire } from './run.js';

/**
 * A pipeline none of whose steps is at work or in the queue, but that has started another build or item which has not ended: it waits
 * for that. What is known against that is known against it, and what that waits for, it waits for.
 *
 * @param look looks inside a build that it has started.
 */
export async function withDownstream(
  run: Run,
  { items, atWork }: { readonly items: readonly unknown[]; readonly atWork: AtWork },
  address: string,
  fetch: SourceFetch,
  look: (build: Run) => Promise<Run>,
): Promise<Run> {
  const item = items.filter(isObject).find((one) => isCausedBy(one, run));
  const build = atWork.builds.filter(isObject).find((one) => isCausedBy(one, run));
  const started = item === undefined ? undefined : await lookAtItem(item, run.source, address, fetch);
  const child =
    started ?? (build === undefined ? undefined : await lookAtBuild(build, run.source, atWork, address, look));
  if (child === undefined || child.id === run.id) return run;
  const { id, title, url, native, flag, queuedAt, startedAt } = child;
  const waitsFor = { kind: 'build', id, name: title, url, state: native?.status };
  if (flag !== undefined && flag.kind !== 'stuck') {
    const text = `It waits for ${title}: ${flag.text ?? flag.kind}`;
    return { ...run, waitsFor, flag: { ...flag, text } };
  }
  const { hold = 'dependency', holdSince = startedAt ?? queuedAt } = child;
  // That it takes longer than such builds did is then expected.
  return { ...run, hold, holdSince, waitsFor, flag: undefined };
}

async function lookAtItem(item: JsonObject, source: string, address: string, fetch: SourceFetch): Promise<Run> {
  const run = readOneRow(item, `queue/item/${String(item['id'])}`, source, (row) => jenkinsItemToWire(row, address));
  return inspectItem(run, { job: jenkinsJobPath(run.url), build: jenkinsPath(run.url) }, address, fetch);
}

function lookAtBuild(
  build: JsonObject,
  source: string,
  { holders }: AtWork,
  address: string,
  look: (build: Run) => Promise<Run>,
): Promise<Run> | undefined {
  const path = jenkinsPath(build['url']);
  if (path === undefined) return undefined;
  const toWire = (row: JsonObject) => jenkinsBuildToWire(row, (one) => holders.get(one) ?? [], address);
  const run = readOneRow(build, path, source, toWire);
  return run.flag?.kind === 'worker_lost' ? Promise.resolve(run) : look(run);
}

/** Whether a build or an item names a build as what caused it. */
function isCausedBy(row: JsonObject, { type, id }: Run): boolean {
  const number = Number(id.slice(id.lastIndexOf('/') + 1));
  const actions: readonly unknown[] = Array.isArray(row['actions']) ? row['actions'] : [];
  const causes = actions.flatMap((action) =>
    isObject(action) && Array.isArray(action['causes']) ? (action['causes'] as readonly unknown[]) : [],
  );
  return causes.some(
    (cause) => isObject(cause) && cause['upstreamProject'] === type && cause['upstreamBuild'] === number,
  );
}
