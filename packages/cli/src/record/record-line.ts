import {
  formatInstant,
  FRESHNESS_STATES,
  parseInstant,
  parseRun,
  runToWire,
  type FreshnessState,
  type Instant,
} from '@tardy/core';
import type { Entry, SeenVerdict, SourceCheck } from './entry.js';

/** What every line of a record begins with. */
const RECORD_SCHEMA = 'tardy.record/1';

/** One line of a record: a run as it was last seen, or a reading of a source. */
export type RecordLine =
  { readonly kind: 'run'; readonly entry: Entry } | { readonly kind: 'check'; readonly check: SourceCheck };

/** A line that cannot be read. */
export class RecordLineError extends Error {
  override readonly name = 'RecordLineError';
}

/** Whether a text is a record, going by its first line. */
export function isRecord(start: string): boolean {
  return /^\s*\{\s*"schema"\s*:\s*"tardy\.record\//.test(start);
}

/** The line of a run. */
export function entryLine({ sourceName, run, silenceMs, held, goneAt, ...entry }: Entry): string {
  return JSON.stringify({
    schema: RECORD_SCHEMA,
    source_name: sourceName,
    run: runToWire(run),
    first_seen: formatInstant(entry.firstSeen),
    last_seen: formatInstant(entry.lastSeen),
    ...(silenceMs === undefined ? {} : { silence_ms: silenceMs }),
    ...(held ? { held } : {}),
    ...(goneAt === undefined ? {} : { gone_at: formatInstant(goneAt) }),
    verdicts: entry.verdicts.map(({ seenAt, since, state, clock, rule, label, headline }) => ({
      seen_at: formatInstant(seenAt),
      ...(since === undefined ? {} : { since: formatInstant(since) }),
      state,
      ...(clock === undefined ? {} : { clock }),
      ...(rule === undefined ? {} : { rule }),
      label,
      headline,
    })),
  });
}

/** The line of a reading of a source. */
export function checkLine({ at, sourceName, complete, runs, late, likelyStale, unknown }: SourceCheck): string {
  const counts = { runs, late, likely_stale: likelyStale, unknown };
  return JSON.stringify({
    schema: RECORD_SCHEMA,
    check: { at: formatInstant(at), source_name: sourceName, complete, ...counts },
  });
}

/**
 * Reads a line.
 *
 * @throws {RecordLineError} for anything that Tardy does not write.
 */
export function parseRecordLine(line: string): RecordLine {
  const value = objectIn(parseJson(line));
  if (value['schema'] !== RECORD_SCHEMA) {
    throw new RecordLineError(
      typeof value['schema'] === 'string' && value['schema'].startsWith('tardy.record/')
        ? `it is of another version (${value['schema'].slice(0, 40)}): use the version of tardy that wrote it`
        : `it is not of the schema ${RECORD_SCHEMA}`,
    );
  }
  return value['check'] === undefined
    ? { kind: 'run', entry: readEntry(value) }
    : { kind: 'check', check: readCheck(objectIn(value['check'])) };
}

function readEntry(wire: Readonly<Record<string, unknown>>): Entry {
  const parsed = parseRun(wire['run'], '');
  if (!parsed.ok) throw new RecordLineError(parsed.issue.reason);
  const verdicts = wire['verdicts'];
  if (!Array.isArray(verdicts)) throw new RecordLineError('verdicts is not a list');
  return {
    sourceName: textIn(wire, 'source_name'),
    run: parsed.run,
    firstSeen: instantIn(wire, 'first_seen'),
    lastSeen: instantIn(wire, 'last_seen'),
    silenceMs: wire['silence_ms'] === undefined ? undefined : countIn(wire, 'silence_ms'),
    held: wire['held'] === true,
    goneAt: wire['gone_at'] === undefined ? undefined : instantIn(wire, 'gone_at'),
    verdicts: verdicts.map((one) => readVerdict(objectIn(one))),
  };
}

function readVerdict(wire: Readonly<Record<string, unknown>>): SeenVerdict {
  return {
    seenAt: instantIn(wire, 'seen_at'),
    since: wire['since'] === undefined ? undefined : instantIn(wire, 'since'),
    state: stateIn(wire),
    clock: wire['clock'] === undefined ? undefined : textIn(wire, 'clock'),
    rule: wire['rule'] === undefined ? undefined : textIn(wire, 'rule'),
    label: textIn(wire, 'label'),
    headline: textIn(wire, 'headline'),
  };
}

function readCheck(wire: Readonly<Record<string, unknown>>): SourceCheck {
  return {
    at: instantIn(wire, 'at'),
    sourceName: textIn(wire, 'source_name'),
    complete: wire['complete'] === true,
    runs: countIn(wire, 'runs'),
    late: countIn(wire, 'late'),
    likelyStale: countIn(wire, 'likely_stale'),
    unknown: countIn(wire, 'unknown'),
  };
}

function stateIn(wire: Readonly<Record<string, unknown>>): FreshnessState {
  const text = textIn(wire, 'state');
  const state = FRESHNESS_STATES.find((known) => known === text);
  if (state === undefined) throw new RecordLineError(`there is no state "${text}"`);
  return state;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new RecordLineError('it is not JSON');
  }
}

function objectIn(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new RecordLineError('it is not an object');
  return value as Readonly<Record<string, unknown>>;
}

function textIn(wire: Readonly<Record<string, unknown>>, name: string): string {
  const value = wire[name];
  if (typeof value !== 'string') throw new RecordLineError(`${name} is not a text`);
  return value;
}

function countIn(wire: Readonly<Record<string, unknown>>, name: string): number {
  const value = wire[name];
  if (typeof value !== 'number' || !(value >= 0)) throw new RecordLineError(`${name} is not a number`);
  return value;
}

function instantIn(wire: Readonly<Record<string, unknown>>, name: string): Instant {
  const at = parseInstant(textIn(wire, name));
  if (at === undefined) throw new RecordLineError(`${name} is not a time`);
  return at;
}
