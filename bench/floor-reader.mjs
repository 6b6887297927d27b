// The floor: the minimum that reading these pages takes. A bare undici loop with JSON.parse that does nothing with the runs.
import { request } from 'undici';

const base = process.argv[2];
let runs = 0;
let cursor;
do {
  const { body } = await request(
    `${base}/runs?status=queued,running&limit=500${cursor === undefined ? '' : `&cursor=${cursor}`}`,
  );
  const page = JSON.parse(await body.text());
  runs += page.runs.length;
  cursor = page.next ?? undefined;
} while (cursor !== undefined);
process.stdout.write(`${runs}\n`);
