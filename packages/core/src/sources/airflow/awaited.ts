import { parseInstant } from '../../instant.js';
import type { Run } from '../../run.js';
import { isText, listOf, memberOf, objectsIn, queryText, type JsonObject } from '../reading/body.js';
import { nameFor } from '../reading/vocabulary.js';
import { instantIn, serverClock } from '../reading/wire-time.js';
import { SourceError, type SourceFetch } from '../source.js';
import { refuseNone, SYSTEM } from './api.js';

/** Triggers look every few seconds; after this time Airflow has lost one whose run has ended. */
const NOTICE_MS = 10 * 60_000;

/** How many runs of other DAGs are looked up. */
const MOST_RUNS = 3;

/** A run of another DAG, by its id or by its logical date. */
type AwaitedRun = { readonly dag: string; readonly run?: string; readonly date?: string };

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
  for (const awaited of tasks.flatMap(awaitedRuns).slice(0, MOST_RUNS)) {
    const found = await findRun(awaited, api, fetch);
    if (found === undefined) continue;
    const { name, row, now } = found;
    if (row === undefined) {
      return orphaned(run, name, 'gone', `It waits for the run ${name}, which Airflow no longer has.`);
    }
    const { state, end_date: end } = row;
    const since = instantIn(end);
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

/** The run that is waited for, its row if Airflow has it; `undefined` if it may not be seen. */
async function findRun({ dag, run: id, date }: AwaitedRun, api: string, fetch: SourceFetch) {
  const url = `${api}dags/${encodeURIComponent(dag)}/dagRuns`;
  if (id !== undefined) {
    const response = await fetch({ url: `${url}/${encodeURIComponent(id)}`, accept: [403, 404] });
    if (response.status === 403) return undefined;
    const row = response.status === 404 ? undefined : memberOf(response, 'body');
    if (row !== undefined && row['dag_run_id'] !== id) {
      throw new SourceError('shape', `${SYSTEM} was asked for the run ${nameFor(id)} and sent another.`);
    }
    return { name: `${dag}/${id}`, row, now: serverClock(response) };
  }
  const filter = queryText([
    ['logical_date_gte', date],
    ['logical_date_lte', date],
    ['limit', 1],
  ]);
  const response = await fetch({ url: `${url}?${filter}`, accept: [400, 403, 404, 422] });
  if (response.status >= 400) return undefined;
  const rows = objectsIn(listOf(response, 'dag_runs', SYSTEM), 'dag_runs', SYSTEM);
  refuseNone(rows, response.body);
  const [row] = rows;
  return { name: `${dag} of ${date ?? ''}`, row, now: serverClock(response) };
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
  if (dag === undefined) return [];
  const ids = textsIn(listIn(kwargs, 'run_ids'));
  if (ids.length > 0) return ids.map((run) => ({ dag, run }));
  const dates = textsIn(listIn(kwargs, 'execution_dates') ?? listIn(kwargs, 'logical_dates'));
  return dates.filter((date) => parseInstant(date) !== undefined).map((date) => ({ dag, date }));
}

/** The inside of a list that is a value of a dictionary of Python; `undefined` if there is none, or an empty one. */
function listIn(dictionary: string, name: string): string | undefined {
  const key = `'${name}': [`;
  const start = dictionary.indexOf(key);
  const end = start < 0 ? -1 : dictionary.indexOf(']', start);
  return end < 0 ? undefined : dictionary.slice(start + key.length, end) || undefined;
}

/** The texts in a list of Python. */
function textsIn(list = ''): readonly string[] {
  return [...list.matchAll(/'([^']{1,250})'/g)].flatMap(([, text]) => text ?? []);
}
