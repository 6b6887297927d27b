import { compileMatch, globsOf, isMatchField, MATCH_FIELDS, matchesGlob, type Globs } from '../match.js';
import type { Instant, Run } from '../run.js';
import type { Acknowledgement } from './alert.js';

/** Which runs an entry is for: the fields of a policy's `match`, and the id and attempt of a run. All that it names must match. */
export type AcknowledgementMatch = { readonly [field: string]: Globs };

/** One entry of a file of acknowledgements, read. */
export type AcknowledgementEntry = Acknowledgement & { readonly match: AcknowledgementMatch };

/** What the entries say about a run. */
export type Acknowledged = {
  /** The entry that holds, the one that lasts longest if there are several. */
  readonly active: AcknowledgementEntry | undefined;
  /** Where none holds: the one that expired last. */
  readonly expired: AcknowledgementEntry | undefined;
};

/** Entries ready to be used. They remember which of them matched a run. */
export type Acknowledgements = {
  /** `sourceName` is the source as configured; `match.source` may mean it or the source that the run names. */
  readonly of: (run: Run, sourceName: string, now: Instant) => Acknowledged;
  /** The entries that have matched no run so far. */
  readonly unmatched: () => readonly AcknowledgementEntry[];
};

/** The fields that an entry can match besides `labels.*`. */
export const ACKNOWLEDGEMENT_FIELDS: readonly string[] = ['id', 'attempt', ...MATCH_FIELDS];

/** Whether an entry can match a field of this name. */
export function isAcknowledgementField(name: string): boolean {
  return ACKNOWLEDGEMENT_FIELDS.includes(name) || isMatchField(name);
}

/** Makes the test of entries. */
export function compileAcknowledgements(entries: readonly AcknowledgementEntry[]): Acknowledgements {
  const compiled = entries.map((entry) => ({ entry, matches: compileEntry(entry.match) }));
  const matched = new Set<AcknowledgementEntry>();
  return {
    of: (run, sourceName, now) => {
      let active: AcknowledgementEntry | undefined;
      let expired: AcknowledgementEntry | undefined;
      for (const { entry, matches } of compiled) {
        if (!matches(run, sourceName)) continue;
        matched.add(entry);
        if (entry.until > now) {
          if (active === undefined || entry.until > active.until) active = entry;
        } else if (expired === undefined || entry.until > expired.until) expired = entry;
      }
      return { active, expired: active === undefined ? expired : undefined };
    },
    unmatched: () => entries.filter((entry) => !matched.has(entry)),
  };
}

function compileEntry(match: AcknowledgementMatch): (run: Run, sourceName: string) => boolean {
  const { id, attempt, source, ...others } = match;
  const matchesOthers = compileMatch(others);
  return (run, sourceName) =>
    isAny(id, run.id) &&
    isAny(attempt, String(run.attempt)) &&
    (isAny(source, run.source) || isAny(source, sourceName)) &&
    matchesOthers(run);
}

/** Whether one of the globs matches; without any, nothing is asked of the field. */
function isAny(globs: Globs | undefined, text: string): boolean {
  return globs === undefined || globsOf(globs).some((glob) => matchesGlob(glob, text));
}
