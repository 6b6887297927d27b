// The responses that the benchmark of the sources serves: recorded rows, repeated with an id of their own.
import { cycle, idLike, recorded, textPages } from '../testing/bench.mjs';

export const uri = 'dagster:https://host.example';

/** The config of the source besides its URL. */
export const config = {};

/** With `total` active runs: from a request to the text of the response, and headers where the system pages by them. */
export function answers(total) {
  const row = cycle(recorded('dagster/active').data.runsOrError.results);
  const rows = (index) => ({ ...row(index), runId: idLike(row(index).runId, index) });
  const make = (results) => ({ data: { runsOrError: { __typename: 'Runs', count: total, results } } });
  const pages = textPages(rows, 200, total, make);
  const statuses = JSON.stringify(recorded('dagster/run-status'));
  return ({ body }) => {
    if (body.query.includes('tardyStatuses')) return { text: statuses };
    const { cursor } = body.variables;
    return { text: pages[cursor === undefined ? 0 : (Number.parseInt(cursor, 10) + 1) / 200] };
  };
}
