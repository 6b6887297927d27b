// The responses that the benchmark of the sources serves: recorded rows, repeated with an id of their own.
import { cycle, recorded, textPages } from '../testing/bench.mjs';

export const uri = 'temporal:https://host.example:7243/namespaces/default';

/** The config of the source besides its URL. */
export const config = {};

/** With `total` active runs: from a request to the text of the response, and headers where the system pages by them. */
export function answers(total) {
  const row = cycle(recorded('temporal/active').executions);
  const rows = (index) => ({ ...row(index), execution: { ...row(index).execution, workflowId: `order-${index}` } });
  const pages = textPages(rows, 1000, total, (executions, next) => ({
    executions,
    ...(next === undefined ? {} : { nextPageToken: String(next) }),
  }));
  return ({ url }) => ({ text: pages[Number(new URL(url).searchParams.get('nextPageToken') ?? 0)] });
}
