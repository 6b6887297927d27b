import type { Run } from '../../run.js';
import { isText, memberOf, type JsonObject } from '../reading/body.js';
import { nameFor } from '../reading/vocabulary.js';
import { instantIn, serverClock } from '../reading/wire-time.js';
import type { SourceFetch } from '../source.js';

/** Triggers look every few seconds; after this time Airflow has lost one whose run has ended. */
const NOTICE_MS = 10 * 60_000;

/** How many runs of other DAGs are looked up. */
const MOST_RUNS = 3;

/** A run of another DAG. */
type AwaitedRun = { readonly dag: string; readonly run: string };

/**
 * A run whose deferred tasks wait for runs of other DAGs: on hold for the first that is at work, flagged if one has ended long ago or
 * no longer exists.
 *
 * @param api the URL of the API, with a slash at its end.
 */
export async function withAwaitedRuns(
  run: Run,
  tasks: readonly JsonObject[],
  api: string,
  fetch: SourceFetch,
): Promise<Run> {
  let seen = run;
  for (const { dag, run: id } of tasks.flatMap(awaitedRuns).slice(0, MOST_RUNS)) {
    const url = `${api}dags/${encodeURIComponent(dag)}/dagRuns/${encodeURIComponent(id)}`;
    const response = await fetch({ url, accept: [403, 404] });
    if (response.status === 403) continue;
    const name = `${dag}/${id}`;
    if (response.status === 404) {
      return orphaned(run, name, 'gone', `It waits for the run ${name}, which Airflow no longer has.`);
    }
    const { state, end_date: end } = memberOf(response, 'body');
    const [since, now] = [instantIn(end), serverClock(response)];
    if (since === undefined) {
      const waitsFor = { kind: 'DAG run', id: name, name, state: isText(state) ? state : undefined };
      if (seen === run) seen = { ...run, hold: 'dependency', waitsFor };
    } else if (now !== undefined && now - since > NOTICE_MS) {
      const text = `It waits for the run ${name}, which has ended (${nameFor(state)}).`;
      return orphaned(run, name, state, text, since);
    }
  }
  return seen;
}

function orphaned(run: Run, id: string, state: unknown, text: string, since?: number): Run {
  const waitsFor = { kind: 'DAG run', id, name: id, state: nameFor(state) };
  return { ...run, hold: 'dependency', waitsFor, flag: { kind: 'orphaned', by: 'tardy', text, since } };
}

/**
 * The runs that the trigger of a deferred task waits for. Airflow shows the arguments of a trigger as Python writes them, such as
 * `{'dag_id': 'load', 'run_ids': ['manual__1'], …}`.
 */
function awaitedRuns(task: JsonObject): readonly AwaitedRun[] {
  const { kwargs } = memberOf(task, 'trigger');
  if (task['state'] !== 'deferred' || !isText(kwargs)) return [];
  const dag = /'(?:external_)?dag_id': '([^']{1,250})'/.exec(kwargs)?.[1];
  const ids = /'run_ids': \[([^\]]{1,10000})\]/.exec(kwargs)?.[1];
  if (dag === undefined || ids === undefined) return [];
  return [...ids.matchAll(/'([^']{1,250})'/g)].flatMap(([, id]) => (id === undefined ? [] : [{ dag, run: id }]));
}
