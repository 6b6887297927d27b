// The responses that the benchmark of the sources serves: recorded rows, repeated with an id of their own.
import { readFileSync } from 'node:fs';
import { textPages } from '../testing/bench.mjs';

export const uri = 'github:octo-org/octo-repo';

/** The config of the source besides its URL. */
export const config = { repository: 'octo-org/octo-repo' };

/** With `total` active runs: from a request to the text of the response, and headers where the system pages by them. */
export function answers(total) {
  // An example that GitHub publishes.
  const published = new URL('../../../node_modules/@octokit/openapi/generated/api.github.com.json', import.meta.url);
  const description = JSON.parse(readFileSync(published, 'utf8'));
  const [row] = description.components.examples['workflow-run-paginated'].value.workflow_runs;
  const rows = (index) => ({ ...row, id: 30_433_642 + index, status: 'in_progress' });
  const pages = textPages(rows, 100, total, (workflow_runs) => ({ total_count: total, workflow_runs }));
  const none = JSON.stringify({ total_count: 0, workflow_runs: [] });
  return ({ url }) => {
    const { searchParams } = new URL(url);
    if (!searchParams.has('status')) return { text: pages[0] };
    if (searchParams.get('status') !== 'in_progress') return { text: none };
    const page = Number(searchParams.get('page') ?? 1);
    const link = page < pages.length ? { link: `<${url.split('&page=')[0]}&page=${page + 1}>; rel="next"` } : {};
    return { text: pages[page - 1], headers: link };
  };
}
