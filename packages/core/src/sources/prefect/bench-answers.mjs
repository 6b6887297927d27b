// The responses that the benchmark of the sources serves: recorded rows, repeated with an id of their own.
import { cycle, idLike, recorded, textPages } from '../testing/bench.mjs';

export const uri = 'prefect:https://host.example/api';

/** The config of the source besides its URL. */
export const config = {};

/** With `total` active runs: from a request to the text of the response, and headers where the system pages by them. */
export function answers(total) {
  const row = cycle(recorded('prefect/active').results);
  const rows = (index) => ({ ...row(index), id: idLike(row(index).id, index) });
  const pages = textPages(rows, 200, total, (results) => ({ results, count: total, limit: 200, page: 1 }));
  const flows = JSON.stringify(recorded('prefect/flows'));
  return ({ url, body }) => ({ text: url.endsWith('/flows/filter') ? flows : pages[body.page - 1] });
}
