// The responses that the benchmark of the sources serves: recorded rows, repeated with an id of their own.
import { named, recorded, textPages } from '../testing/bench.mjs';

export const uri = 'kubernetes:https://host.example:6443';

/** The config of the source besides its URL. */
export const config = {};

/** With `total` active runs: from a request to the text of the response, and headers where the system pages by them. */
export function answers(total) {
  const active = recorded('kubernetes/jobs').items.filter(
    ({ status }) => !status.conditions?.some(({ type }) => type === 'Complete' || type === 'Failed'),
  );
  const pages = textPages(named(active), 500, total, (items, next) => ({
    metadata: { resourceVersion: '503', ...(next ? { continue: String(next) } : {}) },
    items,
  }));
  return ({ url }) => ({ text: pages[Number(new URL(url).searchParams.get('continue') ?? 0)] });
}
