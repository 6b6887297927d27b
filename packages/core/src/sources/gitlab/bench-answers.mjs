// The responses that the benchmark of the sources serves: recorded rows, repeated with an id of their own.
import { recorded, textPages } from '../testing/bench.mjs';

export const uri = 'gitlab:https://host.example/foo/bar';

/** The config of the source besides its URL. */
export const config = { project: 'foo/bar' };

/** With `total` active runs: from a request to the text of the response, and headers where the system pages by them. */
export function answers(total) {
  const [row] = recorded('gitlab/pipelines');
  const rows = (index) => ({ ...row, id: index + 1, status: 'running' });
  const pages = textPages(rows, 100, total, (pipelines) => pipelines);
  return ({ url }) => {
    const { searchParams } = new URL(url);
    const status = searchParams.get('status');
    if (status !== null && status !== 'running') return { text: '[]', headers: { 'x-next-page': '', 'x-total': '0' } };
    const page = Number(searchParams.get('page'));
    const next = page < pages.length ? String(page + 1) : '';
    return { text: pages[page - 1], headers: { 'x-next-page': next, 'x-total': String(total) } };
  };
}
