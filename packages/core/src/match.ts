import type { Run } from './run.js';

/** One glob (`*` any text, `?` one character), or several of which any may match. */
export type Globs = string | readonly string[];

/**
 * Which runs a rule is for: all the fields it names must match. `workspace` and `tenant` are matched by id.
 *
 * A label is named `labels.<key>`. A run that lacks the field does not match, not even `*`.
 */
export type RunMatch = { readonly [field: string]: Globs };

/** Reads one matched field of a run. */
export type RunField = (run: Run) => string | undefined;

const FIELDS: Readonly<Record<string, RunField>> = {
  source: (run) => run.source,
  type: (run) => run.type,
  workspace: (run) => run.workspace?.id,
  tenant: (run) => run.tenant?.id,
};

/** The fields that a rule can match, apart from `labels.*`. */
export const MATCH_FIELDS: readonly string[] = Object.keys(FIELDS);

/** Whether a rule can match a field of this name. */
export function isMatchField(name: string): boolean {
  return Object.hasOwn(FIELDS, name) || (name.startsWith('labels.') && name.length > 'labels.'.length);
}

/** The globs of a field as a list. */
export function globsOf(globs: Globs): readonly string[] {
  return typeof globs === 'string' ? [globs] : globs;
}

/** How to read a matched field from a run; `undefined` for a field that does not exist. */
function fieldOf(name: string): RunField | undefined {
  if (!name.startsWith('labels.')) return Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  const key = name.slice('labels.'.length);
  return (run) => (Object.hasOwn(run.labels, key) ? run.labels[key] : undefined);
}

/** Makes the test of a match; a field that does not exist matches nothing. */
export function compileMatch(match: RunMatch): (run: Run) => boolean {
  const tests = Object.entries(match).map(([name, globs]) => {
    const field = fieldOf(name);
    const list = globsOf(globs);
    return (run: Run) => {
      const value = field?.(run);
      return value !== undefined && list.some((glob) => matchesGlob(glob, value));
    };
  });
  return (run) => tests.every((test) => test(run));
}

/** The fields that the matches read, each once: runs that agree in them match alike. */
export function matchKeys(matches: readonly RunMatch[]): readonly RunField[] {
  const names = new Set(matches.flatMap((match) => Object.keys(match)));
  return [...names].map(fieldOf).filter((field) => field !== undefined);
}

/**
 * Whether the full text matches the glob, in time linear in their product (a regular expression could be slow).
 *
 * A character is a code point, as it is for `LIKE` in a database: an emoji matches one `?`, and half of a surrogate pair matches
 * nothing but such a half.
 */
export function matchesGlob(glob: string, text: string): boolean {
  let at = 0;
  let index = 0;
  let star = -1;
  let retry = 0;
  while (index < text.length) {
    const wanted = glob.codePointAt(at);
    const found = text.codePointAt(index);
    if (wanted === STAR) {
      star = at++;
      retry = index;
    } else if (wanted === ANY || (wanted !== undefined && wanted === found)) {
      at += lengthOf(wanted);
      index += lengthOf(found);
    } else if (star >= 0) {
      at = star + 1;
      retry += lengthOf(text.codePointAt(retry));
      index = retry;
    } else return false;
  }
  while (glob.codePointAt(at) === STAR) at++;
  return at === glob.length;
}

const STAR = 0x2a;
const ANY = 0x3f;

function lengthOf(codePoint: number | undefined): number {
  return codePoint !== undefined && codePoint > 0xffff ? 2 : 1;
}
