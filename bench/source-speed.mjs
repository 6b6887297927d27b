// Measures one adapter in a separate process: code that has seen rows of ten systems is slower on each than a check of one.
import { classify, createPolicy } from '@tardy/core';
import { parseSourceUri, sourceKind } from '@tardy/core/sources';
import { median } from './measure.mjs';
import { system } from './source-answers.mjs';

/** Active runs in the system; SOURCE_RUNS overrides it. */
const RUNS = Number(process.env.SOURCE_RUNS ?? 20_000);
const ROUNDS = 9;
const WARM_UP = 2;

/** Shortly after the fixtures were recorded. */
const NOW = Date.parse('2026-11-23T10:00:00Z');

const name = process.argv[2];
const { uri, answers } = await system(name);
const { kind, rest } = parseSourceUri(uri);
const policy = createPolicy({ version: 1 });
const answer = answers(RUNS);
const times = { ours: [], parsing: [] };
for (let round = -WARM_UP; round < ROUNDS; round++) {
  const { ms, parseMs } = await measureOnce();
  if (round < 0) continue;
  times.ours.push(ms - parseMs);
  times.parsing.push(parseMs);
}
console.log(JSON.stringify({ runs: RUNS, oursMs: median(times.ours), parseMs: median(times.parsing) }));

/** CPU milliseconds of this process: without other load of the machine, but with garbage collection in other threads. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Reads and judges all runs once: the total time, and that of `JSON.parse` alone, measured in the same loop. */
async function measureOnce() {
  let parseMs = 0;
  const fetch = async (request) => {
    const { text, headers = {} } = answer(request);
    const start = cpuMs();
    const body = JSON.parse(text);
    parseMs += cpuMs() - start;
    return { status: 200, headers: { get: (header) => headers[header] ?? null }, body, url: request.url };
  };
  const { source } = await sourceKind(kind).openUri(name, rest);
  const start = cpuMs();
  const read = await judgeAll(source, fetch);
  const ms = cpuMs() - start;
  if (read !== RUNS) throw new Error(`${name}: ${read} of ${RUNS} runs were read`);
  return { ms, parseMs };
}

async function judgeAll(source, fetch) {
  const ids = new Set();
  for await (const { runs, issues, incomplete } of source.list({ activity: 'active' }, fetch)) {
    if (issues.length > 0 || incomplete !== undefined) throw new Error(issues[0]?.reason ?? incomplete);
    for (const run of runs) if (classify(run, policy, NOW).state !== '') ids.add(run.id);
  }
  return ids.size;
}
