// The responses that the benchmark of the sources serves: recorded rows, repeated with an id of their own.
import { cycle, recorded, textPages } from '../testing/bench.mjs';

export const uri = 'bullboard:https://host.example/admin/queues';

/** The config of the source besides its URL. */
export const config = {};

/** With `total` active runs: from a request to the text of the response, and headers where the system pages by them. */
export function answers(total) {
  const [queue] = recorded('bullboard/queues-active').queues;
  const counts = { active: total, waiting: 0, delayed: 0 };
  const row = cycle(queue.jobs);
  const rows = (index) => ({ ...row(index), id: `job-${index}` });
  const pages = textPages(rows, 100, total, (jobs) => ({ queues: [{ ...queue, counts, jobs }] }));
  const overview = JSON.stringify({ queues: [{ ...queue, counts, jobs: [] }] });
  return ({ url }) => {
    const page = new URL(url).searchParams.get('page');
    return { text: page === null ? overview : pages[Number(page) - 1] };
  };
}
