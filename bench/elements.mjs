import { createServer } from 'node:http';
import { build } from 'esbuild';
import { launch } from 'puppeteer-core';
import { findChrome } from '../scripts/chrome.mjs';
import { here, median, round } from './measure.mjs';

const RUNS = 10_000;
const ROUNDS = 7;
const POLLS = 1000;
const SUBJECTS = ['ops-list', 'lit table', 'tanstack lit-table', 'vaadin grid'];

/**
 * The list of operations in a real browser, against a plain Lit table, TanStack's lit-table and Vaadin's grid with the same runs.
 *
 * The others show plain values: they parse no wire form, judge nothing, count no tabs and show no times. The grid draws
 * in several steps, so only the total is known: the time that its main thread was busy, as the browser reports it.
 */
export async function benchElements() {
  const server = await servePage();
  const browser = await launch({
    executablePath: await findChrome(),
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
    protocolTimeout: 120_000,
  });
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => process.stderr.write(`${String(error)}\n`));
    await page.setViewport({ width: 1280, height: 1000 });
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.waitForFunction(() => 'bench' in globalThis);
    const compared = await compare(page);
    return [
      ...compared,
      ...(await polls(page)),
      ...(await ticks(page)),
      ...(await sharing(page)),
      ...(await memory(page)),
    ];
  } finally {
    await browser.close();
    server.close();
  }
}

/** First rows, one changed run, one in a hundred changed: for each subject, with data passed in. */
async function compare(page) {
  const times = {};
  for (const subject of SUBJECTS) {
    const own = (times[subject] = { first: [], one: [], few: [], oneScript: [], fewScript: [] });
    for (let done = 0; done < ROUNDS; done++) {
      await call(page, 'open', subject);
      await call(page, 'prepare', RUNS);
      own.first.push(await call(page, 'show'));
      for (const [what, changed] of [
        ['one', 1],
        ['few', RUNS / 100],
      ]) {
        await call(page, 'next', changed);
        own[what].push(await busy(page, 'update'));
        if (subject === 'vaadin grid') continue;
        await call(page, 'next', changed);
        own[`${what}Script`].push(await call(page, 'draw'));
      }
    }
  }
  const names = {
    first: `${RUNS} runs passed in: first rows painted`,
    one: 'passed in again, one run changed: main thread',
    few: 'passed in again, 1 % changed: main thread',
    oneScript: 'passed in again, one run changed: script',
    fewScript: 'passed in again, 1 % changed: script',
  };
  return Object.entries(names).flatMap(([what, title]) => {
    const ours = median(times['ops-list'][what]);
    return SUBJECTS.filter((subject) => times[subject][what].length > 0).map((subject) => {
      const ms = median(times[subject][what]);
      const aim = what === 'first' && subject === 'ops-list' ? '≤ 150' : '';
      return line(title, subject, ms, aim, subject === 'ops-list' ? undefined : ours / ms);
    });
  });
}

/** Polls over an API whose responses take no time. */
async function polls(page) {
  const first = [];
  for (let done = 0; done < 3; done++) first.push(await call(page, 'openApi', RUNS));
  const few = { spread: [], together: [] };
  const unchanged = { [RUNS]: [], 500: [] };
  for (let done = 0; done < 3 * ROUNDS; done++) {
    for (const kind of ['spread', 'together']) {
      await call(page, 'changeApi', kind === 'spread');
      few[kind].push(await call(page, 'poll'));
    }
    unchanged[RUNS].push(await call(page, 'poll'));
  }
  await call(page, 'openApi', 500);
  for (let done = 0; done < 3 * ROUNDS; done++) unchanged[500].push(await call(page, 'poll'));
  const all = (polls) => median(polls.map((poll) => poll.all));
  const longest = (polls) => median(polls.map((poll) => poll.longest));
  return [
    line(`${RUNS} runs in 20 responses: first rows painted`, 'ops-list', median(first), ''),
    line('poll, 1 % changed, in every response (20 × 500 rows read): script', 'ops-list', all(few.spread), '≤ 16'),
    line('the same: longest task', 'ops-list', longest(few.spread), '≤ 16'),
    line('poll, 1 % changed, in one response (19 unchanged): script', 'ops-list', all(few.together), '≤ 16'),
    line('the same: longest task', 'ops-list', longest(few.together), '≤ 16'),
    line('poll, unchanged (21 × 304): script', 'ops-list', all(unchanged[RUNS]), '≤ 1'),
    line('poll, unchanged, 500 runs (2 × 304): script', 'ops-list', all(unchanged[500]), '≤ 1'),
  ];
}

/** A run crosses its threshold, without a request. */
async function ticks(page) {
  // Far enough apart to be measured one by one; the first comes after the list has settled.
  const flips = Array.from({ length: ROUNDS }, (_, index) => 6000 + index * 1500);
  const start = performance.now();
  await call(page, 'openApi', RUNS, flips);
  const times = [];
  const touched = [];
  for (const [index, flip] of flips.entries()) {
    await until(start + flip - 500);
    const before = await call(page, 'late');
    const watched = index % 2 === 1;
    if (watched) await call(page, 'watch');
    await call(page, 'timers');
    await until(start + flip + 800);
    // Watching costs time itself.
    const took = await call(page, 'timers');
    if (!watched) times.push(Math.max(...took));
    if ((await call(page, 'late')) !== before + 1) throw new Error('A tick was missed: the machine is too busy.');
    if (watched) touched.push((await call(page, 'touched')).filter((key) => key !== 'tabs').length);
  }
  return [
    line('a run crosses its threshold: script', 'ops-list', median(times), '≤ 4'),
    { what: 'the same: rows touched', subject: 'ops-list', figure: Math.max(...touched), aim: '1' },
  ];
}

async function sharing(page) {
  const [one, eight] = await call(page, 'requests', RUNS);
  return [
    { what: 'requests of a load, one list', subject: 'ops-list', figure: one, aim: '' },
    { what: 'requests of a load, eight elements', subject: 'all', figure: eight, aim: `${one}` },
  ];
}

/** The heap after many polls that each change something, against the heap after a few. */
async function memory(page) {
  await call(page, 'openApi', 1000);
  await call(page, 'polls', POLLS / 10);
  const early = await heapMb(page);
  await call(page, 'polls', POLLS);
  const late = await heapMb(page);
  return [
    { what: `heap after 100 polls of 1000 runs, MB`, subject: 'ops-list', figure: round(early), aim: '' },
    {
      what: `heap after ${POLLS} more, MB`,
      subject: 'ops-list',
      figure: round(late),
      aim: 'flat',
      ratio: round(late / early),
    },
  ];
}

async function heapMb(page) {
  const session = await page.createCDPSession();
  for (let done = 0; done < 3; done++) await session.send('HeapProfiler.collectGarbage');
  await session.detach();
  return (await page.metrics()).JSHeapUsedSize / 1e6;
}

/** The time that the main thread was busy meanwhile: scripts, styles, layout and paint. */
async function busy(page, name) {
  const { TaskDuration: from } = await page.metrics();
  await call(page, name);
  return ((await page.metrics()).TaskDuration - from) * 1000;
}

function call(page, name, ...values) {
  return page.evaluate((what, given) => globalThis.bench[what](...given), name, values);
}

function line(what, subject, ms, aim, ratio) {
  return { what, subject, figure: round(ms), aim, ...(ratio === undefined ? {} : { 'ours / theirs': round(ratio) }) };
}

function until(instant) {
  return new Promise((resolve) => setTimeout(resolve, instant - performance.now()));
}

async function servePage() {
  const { outputFiles } = await build({
    entryPoints: [here('elements-page.mjs')],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  });
  const server = createServer(({ url }, response) => {
    const isScript = url === '/page.js';
    response.writeHead(200, { 'content-type': `text/${isScript ? 'javascript' : 'html'}; charset=utf-8` });
    response.end(
      isScript
        ? outputFiles[0].contents
        : '<!doctype html><title>Bench</title><script type="module" src="/page.js"></script>',
    );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
