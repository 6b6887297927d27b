// The responses that the benchmark of the sources serves: recorded rows, repeated with an id of their own.
import { cycle, recorded, textPages } from '../testing/bench.mjs';

export const uri = 'airflow:https://host.example';

/** The config of the source besides its URL. */
export const config = {};

/** With `total` active runs: from a request to the text of the response, and headers where the system pages by them. */
export function answers(total) {
  const row = cycle(recorded('airflow/active').dag_runs);
  const rows = (index) => ({ ...row(index), dag_run_id: `live__${index}` });
  const pages = textPages(rows, 100, total, (dag_runs) => ({ dag_runs, total_entries: total }));
  return ({ url }) => ({ text: pages[Number(new URL(url).searchParams.get('offset')) / 100] });
}
