// The responses that the benchmark of the sources serves: recorded rows, repeated with an id of their own.
import { recorded, textPages } from '../testing/bench.mjs';

export const uri = 'gitea:https://git.example.com/t/web';

/** The config of the source besides its URL. */
export const config = { repository: 't/web' };

/** With `total` active runs: from a request to the text of the response, and headers where the system pages by them. */
export function answers(total) {
  const [run] = recorded('gitea/runs-running').workflow_runs;
  const [job] = recorded('gitea/jobs-running').jobs;
  const [task] = recorded('gitea/tasks').workflow_runs;
  const url = (index) => `https://git.example.com/t/web/actions/runs/${index + 1}`;
  const listOf = (name, row) => textPages(row, 50, total, (rows) => ({ [name]: rows, total_count: total }));
  const lists = {
    runs: listOf('workflow_runs', (index) => ({ ...run, id: index + 1, html_url: url(index) })),
    jobs: listOf('jobs', (index) => ({ ...job, id: index + 1, run_id: index + 1 })),
    tasks: listOf('workflow_runs', (index) => ({ ...task, id: index + 1, url: url(index) })),
  };
  const none = (name) => JSON.stringify({ [name]: [], total_count: 0 });
  return ({ url: requested }) => {
    const { pathname, searchParams } = new URL(requested);
    const what = pathname.split('/').at(-1);
    if (searchParams.get('status') === 'completed') return { text: none('workflow_runs') };
    return { text: lists[what]?.[Number(searchParams.get('page')) - 1] ?? none('runners') };
  };
}
