import type { Flag, Instant, Run } from '../../run.js';
import { hasNumber, hasText, queryText, type JsonObject } from '../reading/body.js';
import { nameFor } from '../reading/vocabulary.js';
import { lastOf } from '../reading/wire-time.js';
import type { SourceFetch } from '../source.js';
import { rowsOf, seconds } from './api.js';

/** Buildbot writes a build's end seconds after that of its last step. */
const PAUSE_MS = 600_000;

/** A build in the API. */
export type BuildbotBuild = { readonly row: JsonObject; readonly clock: Instant | undefined };

/**
 * Looks inside a build: at its steps, which may all have ended or wait for a lock, at the requests that it triggered and waits for, and
 * at the master that runs it.
 *
 * @param base the URL of the API
 * @param again reads a request that it triggered.
 */
export async function inspectBuild(
  run: Run,
  build: BuildbotBuild,
  base: string,
  fetch: SourceFetch,
  again: (id: string) => Promise<Run | undefined>,
): Promise<Run> {
  const { row, clock } = build;
  const flag = run.flag ?? (await lostMaster(row['masterid'], base, fetch));
  if (flag !== undefined) return { ...run, flag };
  const response = await fetch({ url: `${base}builds/${String(row['buildid'])}/steps`, accept: [403, 404] });
  if (response.status >= 400) return run;
  const steps = rowsOf(response, 'steps');
  const open = steps.filter(({ complete, started_at: at }) => complete !== true && seconds(at) !== undefined);
  const locked = open.find((step) => step['locks_acquired_at'] === null);
  if (locked !== undefined) {
    const { name } = locked;
    const waitsFor = { kind: 'lock', name: hasText(name) ? `lock of the step ${nameFor(name)}` : undefined };
    return { ...run, hold: 'limit', holdSince: seconds(locked['started_at']), waitsFor };
  }
  const waited = lastOf(steps.map(endOfWait).filter((at) => at !== undefined));
  const seen: Run = { ...run, phaseAt: waited ?? run.phaseAt };
  if (open.length === 0) return { ...seen, flag: allEnded(steps, clock) };
  return triggered(seen, row['buildid'], base, fetch, again);
}

/** A flag if a request was taken by a master that is gone, or that made no build of it for minutes. */
export async function inspectClaimed(run: Run, request: BuildbotBuild, base: string, fetch: SourceFetch): Promise<Run> {
  const { row, clock } = request;
  const flag = await lostMaster(row['claimed_by_masterid'], base, fetch);
  if (flag !== undefined) return { ...run, flag };
  const since = seconds(row['claimed_at']);
  if (since === undefined || clock === undefined || clock - since < PAUSE_MS) return run;
  return {
    ...run,
    flag: { kind: 'stuck', by: 'tardy', text: 'A master has taken it, yet made no build of it.', since },
  };
}

/** All runs make the same request. */
async function lostMaster(id: unknown, base: string, fetch: SourceFetch): Promise<Flag | undefined> {
  if (!hasNumber(id)) return undefined;
  const response = await fetch({ url: `${base}masters`, accept: [403, 404] });
  if (response.status >= 400) return undefined;
  const master = rowsOf(response, 'masters').find(({ masterid }) => masterid === id);
  if (master?.['active'] !== false) return undefined;
  const name = hasText(master['name']) ? `${nameFor(master['name'])} ` : '';
  return {
    kind: 'worker_lost',
    by: 'tardy',
    text: `Its master ${name}is not running.`,
    since: seconds(master['last_active']),
  };
}

/** When a step that had waited long for its lock got it. */
function endOfWait({ started_at: from, locks_acquired_at: to }: JsonObject): Instant | undefined {
  const [start, end] = [seconds(from), seconds(to)];
  return start !== undefined && end !== undefined && end - start > PAUSE_MS ? end : undefined;
}

function allEnded(steps: readonly JsonObject[], clock: Instant | undefined): Flag | undefined {
  const since = lastOf(steps.map((step) => seconds(step['complete_at'])).filter((at) => at !== undefined));
  if (since === undefined || clock === undefined || clock - since < PAUSE_MS) return undefined;
  const which = steps.length === 1 ? 'Its only step has' : `All its ${steps.length} steps have`;
  return { kind: 'stuck', by: 'tardy', text: `${which} ended, yet the build has not.`, since };
}

/** What a request that it waits for waits for, it waits for; what is known against that is known against it. */
async function triggered(
  run: Run,
  buildid: unknown,
  base: string,
  fetch: SourceFetch,
  again: (id: string) => Promise<Run | undefined>,
): Promise<Run> {
  const sets = queryText([
    ['complete', 'false'],
    ['parent_buildid', String(buildid)],
  ]);
  const response = await fetch({ url: `${base}buildsets?${sets}`, accept: [400, 403, 404] });
  if (response.status >= 400) return run;
  const children: Run[] = [];
  for (const { bsid, parent_buildid: parent } of rowsOf(response, 'buildsets')) {
    if (parent !== buildid) continue;
    const query = queryText([
      ['buildsetid', String(bsid)],
      ['complete', 'false'],
    ]);
    const requests = rowsOf(await fetch({ url: `${base}buildrequests?${query}` }), 'buildrequests');
    for (const { buildrequestid: id, buildsetid, waited_for: isWaitedFor } of requests) {
      if (buildsetid !== bsid || isWaitedFor !== true) continue;
      const child = await again(String(id));
      if (child !== undefined && child.status !== 'completed') children.push(child);
    }
  }
  const flagged = children.find(({ flag }) => flag !== undefined);
  if (flagged?.flag !== undefined) {
    const text = `The request ${flagged.id} (${nameFor(flagged.type)}) that it waits for: ${flagged.flag.text ?? flagged.flag.kind}`;
    return { ...run, waitsFor: waitsFor(flagged), flag: { ...flagged.flag, text } };
  }
  const [first] = children;
  if (first === undefined || children.some(({ hold }) => hold === undefined)) return run;
  const { hold, holdSince, startedAt, queuedAt } = first;
  return { ...run, hold, holdSince: holdSince ?? startedAt ?? queuedAt, waitsFor: waitsFor(first) };
}

function waitsFor({ id, type, url, native }: Run) {
  return { kind: 'build request', id, name: type, url, state: native?.status };
}
