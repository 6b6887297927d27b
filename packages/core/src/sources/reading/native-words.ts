import type { Hold, RunOutcome, RunStatus } from '../../run.js';
import { isText } from './body.js';

/** What a word of a system means. An outcome goes with runs that have ended, a hold with those that wait. */
export type Meaning = { readonly status: RunStatus; readonly outcome?: RunOutcome; readonly hold?: Hold };

/** The words in which a system tells how a run is. */
export type Vocabulary = Readonly<Record<string, Meaning>>;

/** A word nobody knows makes an active run that cannot be judged: shown as such, never as calm. */
const UNKNOWN: Meaning = { status: 'running', outcome: 'unknown' };

/** What a table says of a word of a system; `undefined` for one that it does not hold. */
export function wordIn<Value>(table: Readonly<Record<string, Value>>, word: unknown): Value | undefined {
  return typeof word === 'string' && Object.hasOwn(table, word) ? table[word] : undefined;
}

/** What a word means, as the wire form of a run says it, with the word itself kept; `none` stands for one that is absent. */
export function meaningOf(
  vocabulary: Vocabulary,
  word: unknown,
): {
  readonly status: RunStatus;
  readonly outcome: RunOutcome;
  readonly hold: Hold | undefined;
  readonly native: { readonly status: string };
} {
  const status = typeof word === 'string' && word !== '' ? word : 'none';
  const known = wordIn(vocabulary, status) ?? UNKNOWN;
  // Written out: this is made for each run, and a spread would make each of another shape.
  return { status: known.status, outcome: known.outcome ?? 'pending', hold: known.hold, native: { status } };
}

const LONGEST_MESSAGE = 2000;

/** Text of a system that may be of any length (a stack trace), short enough to be part of a run. */
export function shortText(text: unknown): unknown {
  return typeof text === 'string' && text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE - 1)}…` : text;
}

const LONGEST_REASON = 300;

/** The end of a sentence that a system's own message explains, where there is one. */
export function because(message: unknown): string {
  return isText(message) ? `: ${message.slice(0, LONGEST_REASON)}` : '.';
}
