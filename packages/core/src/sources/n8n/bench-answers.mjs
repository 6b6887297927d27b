// The responses that the benchmark of the sources serves: recorded rows, repeated with an id of their own.
import { cycle, recorded, textPages } from '../testing/bench.mjs';

export const uri = 'n8n:https://host.example';

/** The config of the source besides its URL. */
export const config = {};

/** With `total` active runs: from a request to the text of the response, and headers where the system pages by them. */
export function answers(total) {
  const row = cycle(recorded('n8n/executions-running').data);
  const rows = (index) => ({ ...row(index), id: String(index + 1) });
  const pages = textPages(rows, 250, total, (data, next) => ({ data, nextCursor: next ? String(next) : null }));
  const none = JSON.stringify({ data: [], nextCursor: null });
  return ({ url }) => {
    const { pathname, searchParams } = new URL(url);
    if (pathname.includes('/workflows/')) return { text: '{"name":"nightly"}' };
    if (searchParams.get('status') !== 'running') return { text: none };
    return { text: pages[Number(searchParams.get('cursor') ?? 0)] };
  };
}
