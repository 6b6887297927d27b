import type { Hold, RunOutcome, RunStatus } from '../../run.js';
import { hasText, isText } from './body.js';

/** What a status of a system means. Ended runs have an outcome; waiting runs have a hold. */
export type Meaning = { readonly status: RunStatus; readonly outcome?: RunOutcome; readonly hold?: Hold };

/** The statuses of a system and what each means. The only place that lists them: queries and tests derive theirs from it. */
export type Vocabulary = Readonly<Record<string, Meaning>>;

/** An unknown status makes an active run that cannot be judged. It is shown as such, never as healthy. */
const UNKNOWN: Meaning = { status: 'running', outcome: 'unknown' };

/** The statuses of a run that has not ended, as the system spells them. */
export function activeStatuses(vocabulary: Vocabulary): readonly string[] {
  return Object.keys(vocabulary).filter((word) => vocabulary[word]?.status !== 'completed');
}

/** The statuses of a run that has ended, as the system spells them. */
export function endedStatuses(vocabulary: Vocabulary): readonly string[] {
  return Object.keys(vocabulary).filter((word) => vocabulary[word]?.status === 'completed');
}

/**
 * The entry of a table for a word of a system; `undefined` for an unknown word.
 *
 * @throws {SourceError} `shape` for what is no text: it is never taken for an unknown word.
 */
export function wordIn<Value>(table: Readonly<Record<string, Value>>, word: unknown): Value | undefined {
  return hasText(word) && Object.hasOwn(table, word) ? table[word] : undefined;
}

/**
 * What a status means in the wire form of a run. The status itself is kept; `none` stands for an absent one. A value of another type
 * passes through unchanged, so that the reader of the run reports it.
 */
export function meaningOf(
  vocabulary: Vocabulary,
  word: unknown,
): {
  readonly status: RunStatus;
  readonly outcome: RunOutcome;
  readonly hold: Hold | undefined;
  readonly native: { readonly status: string };
} {
  const status = word === undefined || word === null || word === '' ? 'none' : (word as string);
  const known = typeof status === 'string' ? (wordIn(vocabulary, status) ?? UNKNOWN) : UNKNOWN;
  // Written out because this runs for each run: a spread would give each object another hidden class.
  return { status: known.status, outcome: known.outcome ?? 'pending', hold: known.hold, native: { status } };
}

const LONGEST_MESSAGE = 2000;

/** Text of a system, such as a stack trace, cut to a length that fits into a run. */
export function shortText(text: unknown): unknown {
  return typeof text === 'string' && text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE - 1)}…` : text;
}

const LONGEST_REASON = 300;

/** The end of a sentence: a colon and the system's own message if there is one, else a full stop. */
export function because(message: unknown): string {
  return isText(message) ? `: ${message.slice(0, LONGEST_REASON)}` : '.';
}

const LONGEST_NAME = 200;

/** A name of the system for a message, cut to a length that fits. */
export function nameFor(value: unknown): string {
  return isText(value) ? value.slice(0, LONGEST_NAME) : 'without a name';
}
