// The responses that the benchmark of the sources serves: recorded rows, repeated with an id of their own.
import { cycle, recorded, textPages } from '../testing/bench.mjs';

export const uri = 'buildbot:https://host.example';

/** The config of the source besides its URL. */
export const config = {};

/** With `total` active runs: from a request to the text of the response, and headers where the system pages by them. */
export function answers(total) {
  const row = cycle(recorded('buildbot/v4/builds').builds);
  const rows = (index) => ({ ...row(index), buildid: index + 1, buildrequestid: index + 1 });
  const pages = textPages(rows, 200, total, (builds) => ({ builds, meta: { total } }));
  const context = {
    workers: JSON.stringify(recorded('buildbot/v4/workers')),
    builders: JSON.stringify(recorded('buildbot/v4/builders')),
    buildrequests: JSON.stringify({ buildrequests: [], meta: { total: 0 } }),
  };
  return ({ url }) => {
    const { pathname, searchParams } = new URL(url);
    const what = pathname.split('/').at(-1);
    return { text: context[what] ?? pages[Number(searchParams.get('offset')) / 200] };
  };
}
