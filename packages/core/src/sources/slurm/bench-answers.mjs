// The responses that the benchmark of the sources serves: recorded rows, repeated with an id of their own.
import { cycle, recorded } from '../testing/bench.mjs';

export const uri = 'slurm:https://host.example:6820';

/** The config of the source besides its URL. */
export const config = {};

/** With `total` active runs: from a request to the text of the response, and headers where the system pages by them. */
export function answers(total) {
  const { jobs, ...rest } = recorded('slurm/many-jobs');
  const row = cycle(jobs);
  const rows = Array.from({ length: total }, (_, index) => ({ ...row(index), job_id: index + 1 }));
  const text = JSON.stringify({ ...rest, jobs: rows });
  const nodes = JSON.stringify(recorded('slurm/many-nodes'));
  const paths = JSON.stringify(recorded('slurm/openapi-paths'));
  return ({ url }) => ({ text: url.endsWith('/nodes') ? nodes : url.endsWith('/openapi/v3') ? paths : text });
}
