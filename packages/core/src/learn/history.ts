import type { DurationMs } from '../duration.js';
import { RUN_OUTCOMES, type Instant, type RunOutcome } from '../run.js';
import type { HistoryRow } from './history-row.js';
import { KeyIndex } from './key-index.js';
import { RowTable, TextColumn } from './row-table.js';

/** The runs of one type in one source: indexes into the history. */
export type HistoryGroup = { readonly source: string; readonly type: string; readonly rows: readonly number[] };

/** The columns of the table. */
const TIME = { queued: 0, started: 1, ended: 2 } as const;
const CODE = { group: 0, attempt: 1, limit: 2, silence: 3 } as const;

/** In the column of the attempt, below it: how the run ended, and marks. */
const OUTCOME_BITS = 0b1111;
const CUT = 0b1_0000;
const HELD = 0b10_0000;
const ATTEMPT_SHIFT = 6;
const MOST_ATTEMPTS = 2 ** 26 - 1;

/** Lengths of time are kept in tenths of a second, up to 13 years; 0 for an unknown one. */
const TENTH_MS = 100;

/**
 * Runs, each once, in 80 bytes or so: a million fit where the texts of their file would not.
 *
 * A run that comes again (the same source, type, id and attempt) replaces an active copy of itself; among ended copies the earliest end
 * counts, since some systems move the time of the last update long after the end. The type is part of the key because the jobs of one
 * run share its id in some systems.
 */
export class History {
  readonly #keys = new KeyIndex(
    (row, { group, attempt, id }) =>
      this.#rows.integer(row, CODE.group) === group && this.attemptOf(row) === attempt && this.#ids.has(row, id),
  );
  readonly #groups = new Map<string, Map<string, number>>();
  readonly #groupList: (HistoryGroup & { readonly rows: number[] })[] = [];
  readonly #ids = new TextColumn();
  readonly #rows = new RowTable(Object.keys(TIME).length, Object.keys(CODE).length);
  #repeated = 0;

  /** How many runs there are. */
  get size(): number {
    return this.#rows.length;
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
    const index = this.size;
    const group = this.#group(source, type);
    const seen = this.#keys.findOrAdd({ group, attempt, id }, index);
    if (seen !== undefined) {
      this.#repeated++;
      this.#merge(seen, row);
      return;
    }
    this.#groupList[group]?.rows.push(index);
    const rows = this.#rows;
    rows.addRow();
    rows.setFloat(index, TIME.queued, row.queuedAt ?? NaN);
    rows.setFloat(index, TIME.started, row.startedAt ?? NaN);
    rows.setFloat(index, TIME.ended, row.endedAt ?? row.seenAt ?? NaN);
    rows.setInteger(index, CODE.group, group);
    const code =
      Math.min(attempt, MOST_ATTEMPTS) * 2 ** ATTEMPT_SHIFT + marksOf(row) + RUN_OUTCOMES.indexOf(row.outcome);
    rows.setInteger(index, CODE.attempt, code);
    this.#setLength(index, CODE.limit, row.limit);
    this.#setLength(index, CODE.silence, row.silence);
    this.#ids.push(id);
  }

  groupOf(row: number): HistoryGroup {
    return this.#groupList[this.#rows.integer(row, CODE.group)] as HistoryGroup;
  }

  idOf(row: number): string {
    return this.#ids.at(row);
  }

  attemptOf(row: number): number {
    return this.#rows.integer(row, CODE.attempt) >>> ATTEMPT_SHIFT;
  }

  /** NaN if unknown. */
  queuedAt(row: number): Instant {
    return this.#rows.float(row, TIME.queued);
  }

  /** NaN if unknown. */
  startedAt(row: number): Instant {
    return this.#rows.float(row, TIME.started);
  }

  /** When the run ended, for an active run when it was last seen; NaN if unknown. */
  endedAt(row: number): Instant {
    return this.#rows.float(row, TIME.ended);
  }

  /** NaN if unknown. */
  limitOf(row: number): DurationMs {
    return this.#length(row, CODE.limit);
  }

  /** The longest silence that was seen; NaN if none was. */
  silenceOf(row: number): DurationMs {
    return this.#length(row, CODE.silence);
  }

  outcomeOf(row: number): RunOutcome {
    return RUN_OUTCOMES[this.#rows.integer(row, CODE.attempt) & OUTCOME_BITS] ?? 'unknown';
  }

  isCut(row: number): boolean {
    return (this.#rows.integer(row, CODE.attempt) & CUT) > 0;
  }

  isHeld(row: number): boolean {
    return (this.#rows.integer(row, CODE.attempt) & HELD) > 0;
  }

  #group(source: string, type: string): number {
    let ofSource = this.#groups.get(source);
    if (ofSource === undefined) this.#groups.set(own(source), (ofSource = new Map()));
    let group = ofSource.get(type);
    if (group === undefined) {
      group = this.#groupList.length;
      const name = own(type);
      ofSource.set(name, group);
      this.#groupList.push({ source: own(source), type: name, rows: [] });
    }
    return group;
  }

  #merge(row: number, copy: HistoryRow): void {
    const active = this.outcomeOf(row) === 'pending';
    this.#setCode(row, marksOf(copy), this.#rows.integer(row, CODE.attempt) & OUTCOME_BITS);
    if (copy.silence !== undefined && !(copy.silence <= this.silenceOf(row))) {
      this.#setLength(row, CODE.silence, copy.silence);
    }
    if (copy.limit !== undefined && Number.isNaN(this.limitOf(row))) this.#setLength(row, CODE.limit, copy.limit);
    const endedAt = copy.endedAt ?? copy.seenAt;
    if (copy.outcome === 'pending') {
      if (active && endedAt !== undefined && !(endedAt <= this.endedAt(row))) {
        this.#rows.setFloat(row, TIME.ended, endedAt);
      }
      return;
    }
    if (!active && endedAt !== undefined && endedAt >= this.endedAt(row)) return;
    this.#setCode(row, 0, RUN_OUTCOMES.indexOf(copy.outcome));
    this.#rows.setFloat(row, TIME.ended, endedAt ?? NaN);
    this.#rows.setFloat(row, TIME.started, copy.startedAt ?? this.startedAt(row));
    this.#rows.setFloat(row, TIME.queued, copy.queuedAt ?? this.queuedAt(row));
  }

  /** Adds marks and replaces the outcome. */
  #setCode(row: number, marks: number, outcome: number): void {
    const code = this.#rows.integer(row, CODE.attempt);
    this.#rows.setInteger(row, CODE.attempt, ((code & ~OUTCOME_BITS) | marks | outcome) >>> 0);
  }

  #length(row: number, column: number): DurationMs {
    const tenths = this.#rows.integer(row, column);
    return tenths === 0 ? NaN : tenths * TENTH_MS;
  }

  #setLength(row: number, column: number, length: DurationMs | undefined): void {
    if (length === undefined) return;
    this.#rows.setInteger(row, column, Math.max(1, Math.min(length / TENTH_MS, 2 ** 32 - 1)));
  }
}

function marksOf({ cut, held }: HistoryRow): number {
  return (cut === true ? CUT : 0) | (held === true ? HELD : 0);
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
