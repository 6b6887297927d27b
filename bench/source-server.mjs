// Twenty systems, each on its own port, in a separate process: their responses are prepared, and sent after a delay as over a
// network. Reports to its parent where they listen.
import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { SYSTEMS, system } from './source-answers.mjs';

const RUNS = 200;
const SOURCES = 20;

/** From the nearest to the farthest. */
const delayMs = (index) => 60 + 7 * index;

const names = Array.from({ length: SOURCES }, (_, index) => SYSTEMS[index % SYSTEMS.length]);
const listening = names.map(async (name, index) => listen(name, (await system(name)).answers(RUNS), delayMs(index)));
process.send?.({ runs: RUNS, sources: await Promise.all(listening) });

function listen(name, answer, delay) {
  const respond = async (request, response) => {
    const sent = await bodyOf(request);
    const url = `http://${request.headers.host}${request.url}`;
    const { text, headers = {} } = answer({ url, body: sent === '' ? undefined : JSON.parse(sent) });
    await wait(delay);
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(text);
  };
  const server = createServer((request, response) => void respond(request, response));
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ kind: name, port: server.address().port }));
  });
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
