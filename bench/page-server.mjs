// A server of ready-made pages, in a process of its own: what is measured is the reader, not the making of pages.
import { createServer } from 'node:http';
import { randomFrom, wireRun } from './random-runs.mjs';

const PAGE = 500;
const total = Number(process.argv[2]);
const pages = Math.ceil(total / PAGE);
const random = randomFrom(7);
// A million runs are a thousand pages; a hundred different ones served in turn with ids of their own keep this process small.
const distinct = Math.min(pages, 100);
const bodies = Array.from({ length: distinct }, (_, page) =>
  JSON.stringify(Array.from({ length: PAGE }, (_, index) => wireRun(`@${page}_${index}`, random))),
);

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const page = Number(url.searchParams.get('cursor') ?? 0);
  if (!url.pathname.endsWith('/runs') || !(page < pages)) {
    response.writeHead(404, { 'content-type': 'application/problem+json' }).end('{"title":"Not found","status":404}');
    return;
  }
  const runs = bodies[page % distinct].replaceAll('"op_@', `"op_${Math.floor(page / distinct)}_`);
  const next = page + 1 < pages ? `"next":"${page + 1}",` : '';
  const body = `{${next}"now":"2026-11-23T10:00:00Z","runs":${runs}}`;
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
});

server.listen(0, '127.0.0.1', () => process.send?.(server.address().port));
