// The responses that the benchmark of the sources serves: recorded rows, repeated with an id of their own.
import { cycle, recorded, textPages } from '../testing/bench.mjs';

export const uri = 'metaflow:https://host.example/api';

/** The config of the source besides its URL. */
export const config = {};

/** With `total` active runs: from a request to the text of the response, and headers where the system pages by them. */
export function answers(total) {
  const row = cycle(recorded('metaflow/active').data);
  // Started one millisecond after each other: pages continue at these times.
  const rows = (index) => ({ ...row(index), run: String(index + 1), ts_epoch: 1_795_450_762_850 + index });
  const pages = textPages(rows, 1000, total, (data) => ({ data, status: 200 }));
  return ({ url }) => {
    const since = new URL(url).searchParams.get('ts_epoch:ge');
    const page = since === null ? 0 : Math.ceil((Number(since) - 1_795_450_762_850) / 1000);
    return { text: pages[page] ?? '{"data":[]}' };
  };
}
