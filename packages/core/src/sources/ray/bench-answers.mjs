// The responses that the benchmark of the sources serves: recorded rows, repeated with an id of their own.
import { recorded } from '../testing/bench.mjs';

export const uri = 'ray:http://host.example:8265';

/** The config of the source besides its URL. */
export const config = {};

/** With `total` active runs: from a request to the text of the response, and headers where the system pages by them. */
export function answers(total) {
  const row = recorded('ray/jobs').find(({ status }) => status === 'RUNNING');
  const jobs = JSON.stringify(Array.from({ length: total }, (_, index) => ({ ...row, submission_id: `job-${index}` })));
  const supervisor = recorded('ray/actors').data.result.result[0];
  const actors = Array.from({ length: Math.min(total, 10_000) }, (_, index) => ({
    ...supervisor,
    name: `_ray_internal_job_actor_job-${index}`,
  }));
  const state = (rows) =>
    JSON.stringify({ result: true, data: { result: { num_filtered: rows.length, result: rows } } });
  const lists = { actors: state(actors), tasks: state([]), nodes: JSON.stringify(recorded('ray/nodes')) };
  const version = JSON.stringify(recorded('ray/version'));
  return ({ url }) => {
    const { pathname } = new URL(url);
    if (pathname === '/api/version') return { text: version };
    return { text: lists[pathname.split('/').at(-1)] ?? jobs };
  };
}
