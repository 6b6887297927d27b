// `node bench/learn.mjs <folder>`: the rules of others and ours on the histories of a folder (CSV and Standard Workload Format, .gz or not), replayed by
// the product: learned from the first fifth of each history, and again every week. Prints the table of learn.md.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createPolicy, parseInstant, trustPolicy } from '@tardy/core';
import { backtest, DEFAULT_LEARN_OPTIONS, History } from '@tardy/core/learn';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const FLOOR = 5 * MINUTE;
const LEAST_RUNS = 20;

const sum = (values) => values.reduce((total, value) => total + value, 0);
const mean = (values) => sum(values) / values.length;
const deviation = (values) => {
  const middle = mean(values);
  return Math.sqrt(sum(values.map((value) => (value - middle) ** 2)) / Math.max(1, values.length - 1));
};
const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
const last = (values, count) => values.slice(-count);

/** z of the standard normal for .999 and .95. */
const Z = { share: 3.0902, confidence: 1.6449 };

/** What others do: from the durations of the runs that ended by themselves, sorted and in order, to a threshold for `stale`. */
const RULES = {
  'mean + 3 sd': ({ sorted }) => mean(sorted) + 3 * deviation(sorted),
  'IQR fence x 3': ({ sorted }) => at(sorted, 0.75) + 3 * (at(sorted, 0.75) - at(sorted, 0.25)),
  'POT/GPD .999 (SPOT)': ({ sorted }) => {
    const threshold = at(sorted, 0.98);
    const excess = sorted.filter((value) => value > threshold).map((value) => value - threshold);
    if (excess.length < 3) return sorted.at(-1);
    const ratio = mean(excess) ** 2 / Math.max(1, deviation(excess) ** 2);
    const shape = 0.5 * (1 - ratio);
    const scale = 0.5 * mean(excess) * (1 + ratio);
    const rare = (sorted.length * 0.001) / excess.length;
    return threshold + (Math.abs(shape) < 1e-6 ? -scale * Math.log(rare) : (scale / shape) * (rare ** -shape - 1));
  },
  'log-normal tolerance .999': ({ sorted }) => {
    const logs = sorted.map((value) => Math.log(Math.max(value, 1000)));
    const size = logs.length;
    const a = 1 - Z.confidence ** 2 / (2 * (size - 1));
    const b = Z.share ** 2 - Z.confidence ** 2 / size;
    return Math.exp(mean(logs) + ((Z.share + Math.sqrt(Z.share ** 2 - a * b)) / a) * deviation(logs));
  },
  'order statistic .999, else longest': ({ sorted }) => at(sorted, 0.999),
  'Postman 2/1.5/1.3 x longest of 50': ({ successes }) => {
    const factor = successes.length < 10 ? 2 : successes.length < 30 ? 1.5 : 1.3;
    return successes.length === 0 ? undefined : factor * Math.max(...last(successes, 50));
  },
  'max + 3 sd': ({ sorted }) => sorted.at(-1) + 3 * deviation(sorted),
  'Jenkins 10 x ETA, else 24 h': ({ successes }) =>
    successes.length === 0 ? 24 * HOUR : 10 * mean(last(successes, 3)),
  '2 x the longest': ({ sorted }) => 2 * sorted.at(-1),
};

const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write('Name the folder of the histories: node bench/learn.mjs ../histories\n');
  process.exit(2);
}

const totals = { CI: new Map(), batch: new Map() };
for (const name of readdirSync(folder)
  .filter((file) => /\.(?:csv|swf)(?:\.gz)?$/.test(file))
  .sort()) {
  const history = readHistory(join(folder, name));
  const result = backtest(history, candidates(history), { clock: 'run', skip: 0.2, inject: false });
  const kind = /\.swf|^pbs/.test(name) ? 'batch' : 'CI';
  console.log(`\n${name}: ${history.size} runs, ${result.replayed} replayed`);
  console.table(Object.fromEntries(result.candidates.map((one) => [one.name, row(one.levels.stale, one.levels.late)])));
  for (const { name: rule, levels } of result.candidates) {
    const before = totals[kind].get(rule) ?? { stale: [], late: [] };
    totals[kind].set(rule, { stale: [...before.stale, levels.stale], late: [...before.late, levels.late] });
  }
}
for (const [kind, rules] of Object.entries(totals)) {
  console.log(`\nall ${kind} files`);
  console.table(
    Object.fromEntries([...rules].map(([rule, { stale, late }]) => [rule, row(added(stale), added(late))])),
  );
}

function candidates(history) {
  const learned = { kind: 'relearned', options: DEFAULT_LEARN_OPTIONS, every: WEEK };
  return [
    { kind: 'fixed', name: 'built in (late 1 h, stale 6 h)', policy: createPolicy({ version: 1 }) },
    ...Object.entries(RULES).map(([name, rule]) => ({ kind: 'other', name, policyAt: relearned(history, rule) })),
    { ...learned, name: 'learned', keepCut: false },
    { ...learned, name: 'learned, hung runs left in', keepCut: true },
    { ...learned, name: 'learned once', keepCut: false, every: Infinity },
  ];
}

/** The policy that a rule gives each week from the runs that had ended by then and had not hung. */
function relearned(history, rule) {
  const groups = history.groups.map(({ source, type, rows }) => ({
    match: { source, type },
    ended: rows
      .map((row) => ({ end: history.endedAt(row), took: history.endedAt(row) - history.startedAt(row), row }))
      .filter(({ took, row }) => {
        const outcome = history.outcomeOf(row);
        const limit = history.limitOf(row);
        const hung = took >= 0.99 * limit && outcome !== 'succeeded';
        return took >= 0 && outcome !== 'cancelled' && outcome !== 'skipped' && !hung;
      })
      .sort((one, other) => one.end - other.end),
  }));
  let policy;
  let next = -Infinity;
  return (now) => {
    if (now < next) return policy;
    const today = Math.floor(now / DAY) * DAY;
    next = today + WEEK;
    const rules = groups.flatMap(({ match, ended }) => {
      const known = ended.filter(({ end }) => end < today);
      if (known.length < LEAST_RUNS) return [];
      const sorted = known.map(({ took }) => took).sort((one, other) => one - other);
      const successes = known.filter(({ row }) => history.outcomeOf(row) === 'succeeded').map(({ took }) => took);
      const threshold = rule({ sorted, successes });
      if (threshold === undefined) return [];
      const stale = `${Math.ceil(Math.max(threshold, FLOOR) / 1000)}s`;
      return [{ match, run: { late: stale, stale } }];
    });
    policy = trustPolicy({ version: 1, defaults: { run: { late: 'never', stale: 'never' } }, rules });
    return policy;
  };
}

function added(levels) {
  const median = levels
    .filter(({ hangsCaught }) => hangsCaught > 0)
    .sort((one, other) => other.hangsCaught - one.hangsCaught);
  const runs = sum(levels.map((level) => level.runs));
  const all = sum(levels.map((level) => (level.refusedShare === 1 ? 0 : level.runs / (1 - level.refusedShare))));
  return {
    runs,
    falseAlarms: sum(levels.map((level) => level.falseAlarms)),
    hangs: sum(levels.map((level) => level.hangs)),
    hangsCaught: sum(levels.map((level) => level.hangsCaught)),
    medianDelay: median[0]?.medianDelay,
    refusedShare: all === 0 ? 1 : 1 - runs / all,
  };
}

function row(stale, late) {
  const rate = ({ falseAlarms, runs }) => (runs === 0 ? '–' : ((1000 * falseAlarms) / runs).toFixed(2));
  return {
    'stale false/1,000': rate(stale),
    'late false/1,000': rate(late),
    'hangs caught': `${stale.hangsCaught}/${stale.hangs}`,
    'median after, min': stale.medianDelay === undefined ? '–' : Math.round(stale.medianDelay / MINUTE),
    'no threshold': `${Math.round(100 * stale.refusedShare)} %`,
  };
}

function readHistory(path) {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  const history = new History();
  const rows = /\.swf/.test(path) ? swfRows(text) : csvRows(text);
  for (const row of rows) history.add(row);
  return history;
}

function* csvRows(text) {
  const [header, ...lines] = text.trimEnd().split(/\r?\n/).map(fieldsOf);
  for (const fields of lines) {
    const one = Object.fromEntries(header.map((name, index) => [name, fields[index]]));
    yield {
      source: 'bench',
      type: one.type,
      id: one.id,
      attempt: Number(one.attempt),
      queuedAt: parseInstant(one.queued_at),
      startedAt: parseInstant(one.started_at),
      endedAt: parseInstant(one.ended_at),
      outcome: one.outcome,
      limit: one.limit_s === '' ? undefined : Number(one.limit_s) * 1000,
    };
  }
}

function fieldsOf(line) {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain : quoted.replaceAll('""', '"'),
  );
}

function* swfRows(text) {
  const start = Number(/UnixStartTime:\s*(\d+)/.exec(text)?.[1] ?? 0);
  for (const line of text.split('\n')) {
    if (line.startsWith(';') || line.trim() === '') continue;
    const fields = line.trim().split(/\s+/).map(Number);
    const queuedAt = (start + fields[1]) * 1000;
    const startedAt = queuedAt + Math.max(0, fields[2]) * 1000;
    yield {
      source: 'bench',
      type: fields[13] > 0 ? `executable ${fields[13]}` : `user ${fields[11]}`,
      id: String(fields[0]),
      attempt: 1,
      queuedAt,
      startedAt,
      endedAt: startedAt + fields[3] * 1000,
      outcome: { 0: 'failed', 1: 'succeeded', 5: 'cancelled' }[fields[10]] ?? 'unknown',
      limit: fields[8] > 0 ? fields[8] * 1000 : undefined,
    };
  }
}
