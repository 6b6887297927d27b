import type { DurationMs } from '../duration.js';
import { RUN_OUTCOMES, type Instant, type RunOutcome } from '../run.js';
import { floatColumn, NumberColumn, TextColumn } from './columns.js';
import type { HistoryRow } from './history-row.js';
import { KeyIndex } from './key-index.js';

/** The runs of one type in one source: indexes into the history. */
export type HistoryGroup = { readonly source: string; readonly type: string; readonly rows: readonly number[] };

const CUT = 1;
const HELD = 2;

/**
 * Runs, each once, in 80 bytes or so: a million fit where the texts of their file would not.
 *
 * A run that comes again (the same source, type, id and attempt) replaces an active copy of itself; among ended copies the earliest end
 * counts, since some systems move the time of the last update long after the end. The type is part of the key because the jobs of one
 * run share its id in some systems.
 */
export class History {
  readonly #keys = new KeyIndex();
  readonly #groups = new Map<string, number>();
  readonly #groupList: (HistoryGroup & { readonly rows: number[] })[] = [];
  readonly #groupOf = new NumberColumn((length) => new Uint32Array(length));
  readonly #ids = new TextColumn();
  readonly #attempts = new NumberColumn((length) => new Uint16Array(length));
  readonly #queued = floatColumn();
  readonly #started = floatColumn();
  readonly #ended = floatColumn();
  readonly #limits = roundedFloats();
  readonly #silences = roundedFloats();
  readonly #outcomes = bytes();
  readonly #marks = bytes();
  #repeated = 0;

  /** How many runs there are. */
  get size(): number {
    return this.#attempts.length;
  }

  /** How many rows were further copies of a run. */
  get repeated(): number {
    return this.#repeated;
  }

  /** The runs by source and type, in the order of their first appearance. */
  get groups(): readonly HistoryGroup[] {
    return this.#groupList;
  }

  add(row: HistoryRow): void {
    const { source, type, id, attempt } = row;
    const groupKey = `${source.length}:${source}${type}`;
    const index = this.size;
    const seen = this.#keys.findOrAdd(`${groupKey.length}:${groupKey}${attempt}:${id}`, index);
    if (seen !== undefined) {
      this.#repeated++;
      this.#merge(seen, row);
      return;
    }
    let group = this.#groups.get(groupKey);
    if (group === undefined) {
      group = this.#groupList.length;
      this.#groups.set(own(groupKey), group);
      this.#groupList.push({ source: own(source), type: own(type), rows: [] });
    }
    this.#groupList[group]?.rows.push(index);
    this.#groupOf.push(group);
    this.#ids.push(id);
    this.#attempts.push(Math.min(attempt, 65_535));
    this.#queued.push(row.queuedAt ?? NaN);
    this.#started.push(row.startedAt ?? NaN);
    this.#ended.push(row.endedAt ?? row.seenAt ?? NaN);
    this.#limits.push(row.limit ?? NaN);
    this.#silences.push(row.silence ?? NaN);
    this.#outcomes.push(RUN_OUTCOMES.indexOf(row.outcome));
    this.#marks.push((row.cut === true ? CUT : 0) | (row.held === true ? HELD : 0));
  }

  groupOf(row: number): HistoryGroup {
    return this.#groupList[this.#groupOf.at(row)] as HistoryGroup;
  }

  idOf(row: number): string {
    return this.#ids.at(row);
  }

  attemptOf(row: number): number {
    return this.#attempts.at(row);
  }

  /** NaN if unknown. */
  queuedAt(row: number): Instant {
    return this.#queued.at(row);
  }

  /** NaN if unknown. */
  startedAt(row: number): Instant {
    return this.#started.at(row);
  }

  /** When the run ended, for an active run when it was last seen; NaN if unknown. */
  endedAt(row: number): Instant {
    return this.#ended.at(row);
  }

  /** NaN if unknown. */
  limitOf(row: number): DurationMs {
    return this.#limits.at(row);
  }

  /** The longest silence that was seen; NaN if none was. */
  silenceOf(row: number): DurationMs {
    return this.#silences.at(row);
  }

  outcomeOf(row: number): RunOutcome {
    return RUN_OUTCOMES[this.#outcomes.at(row)] ?? 'unknown';
  }

  isCut(row: number): boolean {
    return (this.#marks.at(row) & CUT) > 0;
  }

  isHeld(row: number): boolean {
    return (this.#marks.at(row) & HELD) > 0;
  }

  #merge(row: number, copy: HistoryRow): void {
    const active = this.outcomeOf(row) === 'pending';
    const marks = this.#marks.at(row) | (copy.cut === true ? CUT : 0) | (copy.held === true ? HELD : 0);
    this.#marks.set(row, marks);
    if (copy.silence !== undefined && !(copy.silence <= this.silenceOf(row))) this.#silences.set(row, copy.silence);
    if (copy.limit !== undefined && Number.isNaN(this.limitOf(row))) this.#limits.set(row, copy.limit);
    const endedAt = copy.endedAt ?? copy.seenAt;
    if (copy.outcome === 'pending') {
      if (active && endedAt !== undefined && !(endedAt <= this.endedAt(row))) this.#ended.set(row, endedAt);
      return;
    }
    if (!active && endedAt !== undefined && endedAt >= this.endedAt(row)) return;
    this.#outcomes.set(row, RUN_OUTCOMES.indexOf(copy.outcome));
    this.#ended.set(row, endedAt ?? NaN);
    this.#started.set(row, copy.startedAt ?? this.startedAt(row));
    this.#queued.set(row, copy.queuedAt ?? this.queuedAt(row));
  }
}

/** Exact to a ten-millionth, which is enough for limits. */
function roundedFloats(): NumberColumn<Float32Array> {
  return new NumberColumn((length) => new Float32Array(length));
}

function bytes(): NumberColumn<Uint8Array> {
  return new NumberColumn((length) => new Uint8Array(length));
}

/** A copy of its own: a part of a text keeps all of that text in memory. */
function own(text: string): string {
  return ` ${text}`.slice(1);
}

/** The groups of each source. */
export function groupsBySource(history: History): Map<string, HistoryGroup[]> {
  const bySource = new Map<string, HistoryGroup[]>();
  for (const group of history.groups) {
    const groups = bySource.get(group.source);
    if (groups === undefined) bySource.set(group.source, [group]);
    else groups.push(group);
  }
  return bySource;
}
