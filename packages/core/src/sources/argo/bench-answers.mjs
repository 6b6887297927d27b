// The responses that the benchmark of the sources serves: recorded rows, repeated with an id of their own.
import { named, recorded, textPages } from '../testing/bench.mjs';

export const uri = 'argo:https://host.example:2746';

/** The config of the source besides its URL. */
export const config = {};

/** With `total` active runs: from a request to the text of the response, and headers where the system pages by them. */
export function answers(total) {
  const make = (items) => ({ metadata: { resourceVersion: '786' }, items });
  const [text] = textPages(named(recorded('argo/server-active').items), total, total, make);
  return () => ({ text });
}
