// The responses that the benchmark of the sources serves: recorded rows, repeated with an id of their own.
import { cycle, recorded } from '../testing/bench.mjs';

export const uri = 'flower:https://host.example:5555';

/** The config of the source besides its URL. */
export const config = {};

/** With `total` active runs: from a request to the text of the response, and headers where the system pages by them. */
export function answers(total) {
  const row = cycle(Object.values(recorded('flower/tasks-STARTED')));
  const rows = (index) => ({ ...row(index), uuid: `task-${index}` });
  // Each page begins with the last task of the one before.
  const size = 10_000;
  const pages = [];
  for (let first = 0; first < total; first += size - 1) {
    const tasks = Array.from({ length: Math.min(size, total - first) }, (_, offset) => rows(first + offset));
    pages.push(JSON.stringify(Object.fromEntries(tasks.map((task) => [task.uuid, task]))));
  }
  const workers = JSON.stringify(recorded('flower/workers-status'));
  return ({ url }) => {
    const { pathname, searchParams } = new URL(url);
    if (pathname.endsWith('/workers')) return { text: workers };
    if (searchParams.get('state') !== 'STARTED') return { text: '{}' };
    return { text: pages[Number(searchParams.get('offset')) / (size - 1)] };
  };
}
