import { parseInstant } from '../../instant.js';
import { isActive, mergeRuns, type Instant, type Run } from '../../run.js';
import { parseRun, type ParsedRun, type RunIssue } from '../../wire.js';
import { isObject, type JsonObject } from '../reading/body.js';
import { collectRuns } from '../reading/read-rows.js';
import { readRunPage } from '../reading/run-page.js';
import { SourceError, type Source, type SourcePage } from '../source.js';
import { readLines } from './lines.js';

/** What a stored text turned out to be. */
export type StoredFormat = 'report' | 'page' | 'array' | 'run' | 'ndjson';

/** The contents of a stored text. */
export type StoredRuns = {
  readonly format: StoredFormat;
  readonly runs: readonly Run[];
  readonly issues: readonly RunIssue[];
  /** The instant of the text, if it names one. */
  readonly now: Instant | undefined;
  readonly incomplete: string | undefined;
};

/**
 * Reads runs from a text: a report, a page of the run API, a JSON array of runs, or NDJSON with one run per line.
 * A run that names its own source keeps it.
 *
 * @throws {SourceError} from `list` and `get` if the text is none of these; an empty text is an error too, since a failed command
 *   leaves it in a pipe.
 */
export function storedSource(name: string, kind: 'file' | 'stdin', text: string): Source {
  let stored: StoredRuns | undefined;
  const read = () => (stored ??= readStored(text, name));
  return {
    name,
    kind,
    address: undefined,
    async *list(): AsyncGenerator<SourcePage, void> {
      const { runs, issues, now, incomplete } = read();
      yield { runs, issues, now, total: undefined, incomplete };
    },
    get: async (id, _fetch, which) => {
      const named = mergeRuns(read().runs.filter((run) => run.id === id));
      return which === undefined
        ? named.at(-1)
        : named.find(({ source, attempt }) => source === which.source && attempt === which.attempt);
    },
  };
}

/** Detects the format of a text and reads it; throws a `SourceError` if it cannot. */
export function readStored(text: string, name: string): StoredRuns {
  const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (json.trim() === '') {
    throw new SourceError('shape', `${name} is empty. No runs at all are written as {"runs": []}.`);
  }
  const value = parseJson(json);
  if (value === undefined) {
    const lines = readLines(json);
    if (lines === undefined) {
      throw new SourceError('truncated', `${name} is neither JSON nor NDJSON, or was cut short.`);
    }
    const runs = collectRuns(lines.rows, ({ value: row, where }) => parseRow(row, where, name));
    return { format: 'ndjson', ...runs, now: undefined, incomplete: lines.incomplete };
  }
  refuseFlood(isObject(value) ? value['runs'] : value, name);
  if (Array.isArray(value)) return gather('array', value, name, undefined);
  if (isObject(value)) {
    if (value['schema'] === 'tardy.report/1') return readReport(value, name);
    if (Array.isArray(value['runs'])) return readPage(value, value['runs'], name);
    if ('id' in value && 'status' in value) return gather('run', [value], name, undefined);
    if (isObject(value['run'])) return gather('ndjson', [value], name, undefined);
  }
  throw new SourceError(
    'shape',
    `${name} holds no runs: expected a report, a page {"runs": […]}, an array of runs, or NDJSON with one run a line.`,
  );
}

/** More runs than a text of the largest size can hold: rows without content, which take minutes and gigabytes to read. */
const MOST_ROWS = 3_000_000;

function refuseFlood(rows: unknown, name: string): void {
  if (!Array.isArray(rows) || rows.length <= MOST_ROWS) return;
  throw new SourceError('limit', `${name} has ${rows.length} rows; at most ${MOST_ROWS} are read.`);
}

function readPage(body: JsonObject, rows: readonly unknown[], name: string): StoredRuns {
  const { runs, issues, now, incomplete, next, nextError } = readRunPage(
    body,
    rows,
    (row, index) => parseRow(row, index, name),
    { where: name, only: true },
  );
  const more = next === undefined ? nextError?.message : 'The page names a next one, which is not here.';
  return { format: 'page', runs, issues, now, incomplete: incomplete ?? more };
}

function readReport(report: JsonObject, name: string): StoredRuns {
  const rows = report['runs'];
  if (!Array.isArray(rows)) throw new SourceError('shape', `${name} is a report without a "runs" list.`);
  const now = typeof report['now'] === 'string' ? parseInstant(report['now']) : undefined;
  const stored = gather('report', rows, name, now);
  const totals = report['totals'];
  const counted = isObject(totals) ? totals['active'] : undefined;
  const active = typeof counted === 'number' && Number.isSafeInteger(counted) && counted >= 0 ? counted : undefined;
  const held = stored.runs.filter(isActive).length + stored.issues.length;
  if (report['complete'] !== true) return { ...stored, incomplete: 'The report says that it is not complete.' };
  if (now === undefined && (report['now'] ?? undefined) !== undefined) {
    return { ...stored, incomplete: 'The report has a "now" that is not a time with an offset.' };
  }
  if (active === undefined) return { ...stored, incomplete: 'The report does not say how many runs are active.' };
  if (held >= active) return stored;
  return {
    ...stored,
    incomplete: `The report holds ${held} of the ${active} active runs that it counts. Make it with --all to judge them again.`,
  };
}

function gather(format: StoredFormat, rows: readonly unknown[], name: string, now: Instant | undefined): StoredRuns {
  return { format, ...collectRuns(rows, (row, index) => parseRow(row, index, name)), now, incomplete: undefined };
}

/** An issue names the position of its row in the text; words for it are made only then, since there may be a million rows. */
function parseRow(value: unknown, where: string | number, name: string): ParsedRun {
  const parsed = parseRun(isObject(value) && isObject(value['run']) ? value['run'] : value, name);
  if (parsed.ok) return parsed;
  const place = typeof where === 'number' ? `entry ${where + 1}` : where;
  return { ok: false, issue: { id: parsed.issue.id, reason: `${place}: ${parsed.issue.reason}` } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
