// The responses that the benchmark of the sources serves: recorded rows, repeated with an id of their own.
import { cycle, idLike, recorded, textPages } from '../testing/bench.mjs';

export const uri = 'mlflow:https://host.example';

/** The config of the source besides its URL. */
export const config = {};

/** With `total` active runs: from a request to the text of the response, and headers where the system pages by them. */
export function answers(total) {
  const row = cycle(recorded('mlflow/running').runs);
  const rows = (index) => ({
    ...row(index),
    info: { ...row(index).info, run_id: idLike(row(index).info.run_id, index) },
  });
  const pages = textPages(rows, 1000, total, (runs, next) => ({ runs, next_page_token: next && String(next) }));
  const experiments = JSON.stringify(recorded('mlflow/experiments'));
  return ({ url, body }) => ({
    text: url.endsWith('/experiments/search') ? experiments : pages[Number(body.page_token ?? 0)],
  });
}
