import { parseDuration } from './duration.js';
import { isMatchField, MATCH_FIELDS } from './match.js';
import { DURATIONS, FLAG_EFFECTS, type PolicyDocument, type PolicyIssue } from './policy-document.js';
import { FLAG_KINDS } from './run.js';

/** Checks a value at a path and adds problems to the issues. */
type Check = (value: unknown, path: string, issues: PolicyIssue[]) => void;

const MATCHABLE = `${MATCH_FIELDS.join(', ')} or labels.<name>`;

const duration = must(
  (value) => typeof value === 'string' && parseDuration(value) !== undefined,
  'a duration',
  'write it as 90s, 15m, 2h, 1d12h, PT15M or never',
);
const bool = must((value) => typeof value === 'boolean', 'true or false', 'write true or false');
const text = must((value) => typeof value === 'string', 'text', 'write it in quotes');
const globs = must(
  (value) => typeof value === 'string' || (isFilledList(value) && value.every((glob) => typeof glob === 'string')),
  'a glob or a list of globs',
  'write text such as "nightly-*", numbers in quotes',
);
const effect = must(
  (value) => typeof value === 'string' && Object.hasOwn(FLAG_EFFECTS, value),
  'late, stale or ignore',
  'write one of them, or the thresholds of each kind of flag',
);
const thresholds = section({ late: duration, stale: duration });
const flags = section(Object.fromEntries(FLAG_KINDS.map((kind) => [kind, thresholds])));

const fields = {
  ...Object.fromEntries(
    Object.entries(DURATIONS).map(([clock, names]) => [
      clock,
      section({
        ...Object.fromEntries(names.map((name) => [name, duration])),
        ...(clock === 'silence' ? { vouches: bool } : {}),
      }),
    ]),
  ),
  flag: (value, path, issues) => (isRecord(value) ? flags : effect)(value, path, issues),
  clock_tolerance: (value, path, issues) => {
    duration(value, path, issues);
    if (typeof value === 'string' && parseDuration(value) === Infinity)
      issues.push({ path, message: 'cannot be never; write a duration such as 30s' });
  },
} satisfies Record<string, Check>;

const amount = must((value) => typeof value === 'number' && value >= 0, 'a number', 'write a number of at least 0');
const learned = section(
  {
    at: text,
    since: text,
    runs: amount,
    target: section({ late: amount, stale: amount }, ['late', 'stale']),
    took: list(duration, 'a list of durations', 'write it as [1m, 5m, 20m]'),
  },
  ['at', 'since', 'runs', 'target', 'took'],
);

const policy = section({
  version: must((value) => value === 1, 'a known version', 'write 1'),
  defaults: section(fields),
  rules: list(section({ match, ...fields, learned }, ['match']), 'a list of rules', 'begin each rule with a dash'),
  digest: text,
});

/**
 * Checks a policy as written in YAML or JSON, and lists everything that is wrong with it. The one check for every policy,
 * wherever it comes from. Strict: an unknown key is an issue, since a typo would otherwise leave a threshold at its default.
 */
export function isPolicyDocument(value: unknown, issues: PolicyIssue[]): value is PolicyDocument {
  const before = issues.length;
  policy(value, '', issues);
  return issues.length === before;
}

function match(value: unknown, path: string, issues: PolicyIssue[]): void {
  if (!isRecord(value)) {
    issues.push(wrong(value, path, 'a match', `say which runs the rule is for by ${MATCHABLE}`));
    return;
  }
  for (const [field, wanted] of Object.entries(value)) {
    const at = `${path}.${field}`;
    if (!isMatchField(field)) issues.push({ path: at, message: `cannot be matched; match ${MATCHABLE}` });
    else if (wanted !== undefined) globs(wanted, at, issues);
  }
}

/** An object with these keys and no other. */
function section(keys: Readonly<Record<string, Check>>, required: readonly string[] = []): Check {
  const known = Object.keys(keys).join(', ');
  return (value, path, issues) => {
    if (!isRecord(value)) {
      issues.push(wrong(value, path, 'an object', `give it keys of ${known}`));
      return;
    }
    for (const [key, inner] of Object.entries(value)) {
      const at = path === '' ? key : `${path}.${key}`;
      const check = Object.hasOwn(keys, key) ? keys[key] : undefined;
      if (check === undefined) issues.push({ path: at, message: `unknown key; known keys: ${known}` });
      else if (inner !== undefined || required.includes(key)) check(inner, at, issues);
    }
    for (const key of required) if (!Object.hasOwn(value, key)) keys[key]?.(undefined, `${path}.${key}`, issues);
  };
}

function list(item: Check, be: string, fix: string): Check {
  return (value, path, issues) => {
    if (!Array.isArray(value)) issues.push(wrong(value, path, be, fix));
    else value.forEach((one, index) => item(one, `${path}[${index}]`, issues));
  };
}

/** A value that passes a test. */
function must(passes: (value: unknown) => boolean, be: string, fix: string): Check {
  return (value, path, issues) => {
    if (!passes(value)) issues.push(wrong(value, path, be, fix));
  };
}

/** Says that something is missing, empty or not what it must be, and how to fix it. */
function wrong(value: unknown, path: string, be: string, fix: string): PolicyIssue {
  const at = path === '' ? 'policy' : path;
  if (value === undefined) return { path: at, message: `is missing; ${fix}` };
  if (value === null) return { path: at, message: `is empty; ${fix}, or leave it out` };
  return { path: at, message: `${shown(value)} is not ${be}; ${fix}` };
}

const SHOWN_LENGTH = 60;

function shown(value: unknown): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch {
    // A value that refers to itself, or a bigint.
  }
  const written = json ?? String(value);
  return written.length > SHOWN_LENGTH ? `${written.slice(0, SHOWN_LENGTH)}…` : written;
}

function isFilledList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
