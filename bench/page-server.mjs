// A server of prepared pages in a separate process: the reader is measured, not the creation of pages.
import { createServer } from 'node:http';
import { randomFrom, wireRun } from './random-runs.mjs';

const PAGE = 500;
/** Digits of a page number: ids and cursors have the same length on every page, so that a page can be stamped in place. */
const DIGITS = 7;
const STAMP = '#'.repeat(DIGITS);
/** A million runs are two thousand pages: this many different ones are kept, and served in turn with different ids. */
const KEPT = 100;

const pages = Math.ceil(Number(process.argv[2]) / PAGE);
const random = randomFrom(7);
const kept = Array.from({ length: Math.min(pages, KEPT) }, () => {
  const runs = Array.from({ length: PAGE }, (_, index) => wireRun(`${STAMP}_${index}`, random));
  const body = Buffer.from(JSON.stringify({ next: `~${STAMP}`, now: '2026-11-23T10:00:00Z', runs }));
  const stamps = [];
  for (let at = body.indexOf(`_${STAMP}`); at >= 0; at = body.indexOf(`_${STAMP}`, at + 1)) stamps.push(at + 1);
  return { body, stamps, next: body.indexOf(`"~${STAMP}`) };
});

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const page = Number((url.searchParams.get('cursor') ?? '~0').slice(1));
  if (!url.pathname.endsWith('/runs') || !(page < pages)) {
    response.writeHead(404, { 'content-type': 'application/problem+json' }).end('{"title":"Not found","status":404}');
    return;
  }
  const template = kept[page % kept.length];
  const body = Buffer.from(template.body);
  const number = String(page).padStart(DIGITS, '0');
  for (const at of template.stamps) body.write(number, at, 'latin1');
  const next = page + 1 < pages ? `"~${String(page + 1).padStart(DIGITS, '0')}"` : 'null'.padEnd(DIGITS + 3);
  body.write(next, template.next, 'latin1');
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
});

server.listen(0, '127.0.0.1', () => process.send?.(server.address().port));
