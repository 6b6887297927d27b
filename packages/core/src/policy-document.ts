import { formatDuration, parseDuration } from './duration.js';
import type { Learned } from './learned.js';
import type { RunMatch } from './match.js';
import { FLAG_KINDS, type FlagKind } from './run.js';

/** The short form for all flags: late or likely stuck at once, or nothing. */
export type FlagEffect = 'late' | 'stale' | 'ignore';

/** The ages after which a run is late and likely stuck by a clock. */
export type ThresholdFields = { readonly late?: string | undefined; readonly stale?: string | undefined };

/** The thresholds of each kind of flag. */
export type FlagFields = { readonly [K in FlagKind]?: ThresholdFields | undefined };

/** The thresholds of a policy, durations as text (`90s`, `15m`, `1d12h`, `PT15M`, `never`); what is absent is inherited. */
export type PolicyFields = {
  readonly queue?: ThresholdFields | undefined;
  readonly run?: ThresholdFields | undefined;
  readonly silence?: (ThresholdFields & { readonly vouches?: boolean | undefined }) | undefined;
  readonly hold?: ThresholdFields | undefined;
  readonly deadline?: { readonly grace?: string | undefined } | undefined;
  readonly flag?: FlagEffect | FlagFields | undefined;
  readonly clock_tolerance?: string | undefined;
};

/** A rule: the fields it names override earlier ones for the runs it matches. */
export type PolicyRule = PolicyFields & { readonly match: RunMatch; readonly learned?: Learned | undefined };

/** A policy as written in YAML or JSON. */
export type PolicyDocument = {
  readonly version?: 1 | undefined;
  readonly defaults?: PolicyFields | undefined;
  readonly rules?: readonly PolicyRule[] | undefined;
  /** Set by a server that publishes its policy; ignored when a policy is made. */
  readonly digest?: string | undefined;
};

/** One thing wrong with a policy: `path` is where in the document, `message` what and how to fix it. */
export type PolicyIssue = { readonly path: string; readonly message: string };

/** Thrown if a policy is not valid; lists every issue. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly issues: readonly PolicyIssue[];

  constructor(issues: readonly PolicyIssue[]) {
    super(issues.map(({ path, message }) => `${path}: ${message}`).join('\n'));
    this.issues = issues;
  }
}

/** What applies where a policy says nothing. */
export const DEFAULT_FIELDS = {
  queue: { late: '5m', stale: '30m' },
  run: { late: '1h', stale: '6h' },
  silence: { late: '2m', stale: '10m', vouches: true },
  hold: { late: '1d', stale: 'never' },
  deadline: { grace: '10m' },
  flag: {
    worker_lost: { late: '0s', stale: '5m' },
    orphaned: { late: '0s', stale: '5m' },
    cannot_start: { late: '0s', stale: '5m' },
    unresponsive: { late: '0s', stale: '30m' },
    stuck: { late: '0s', stale: 'never' },
    late: { late: '0s', stale: 'never' },
  },
  clock_tolerance: '30s',
} as const satisfies PolicyFields;

/** The meaning of the short forms of `flag`, for every kind. */
export const FLAG_EFFECTS = {
  late: { late: '0s', stale: 'never' },
  stale: { late: '0s', stale: '0s' },
  ignore: { late: 'never', stale: 'never' },
} as const satisfies Readonly<Record<FlagEffect, ThresholdFields>>;

/** The durations of a policy by clock, apart from the flags. */
export const DURATIONS = {
  queue: ['late', 'stale'],
  run: ['late', 'stale'],
  silence: ['late', 'stale'],
  hold: ['late', 'stale'],
  deadline: ['grace'],
} as const;

/** The fields with missing ones filled in from `DEFAULT_FIELDS`. */
export function withDefaults(fields: PolicyFields = {}): PolicyFields {
  return {
    queue: { ...DEFAULT_FIELDS.queue, ...given(fields.queue) },
    run: { ...DEFAULT_FIELDS.run, ...given(fields.run) },
    silence: { ...DEFAULT_FIELDS.silence, ...given(fields.silence) },
    hold: { ...DEFAULT_FIELDS.hold, ...given(fields.hold) },
    deadline: { ...DEFAULT_FIELDS.deadline, ...given(fields.deadline) },
    flag: typeof fields.flag === 'string' ? fields.flag : filledFlags(fields.flag),
    clock_tolerance: fields.clock_tolerance ?? DEFAULT_FIELDS.clock_tolerance,
  };
}

function filledFlags(flags: FlagFields = {}): FlagFields {
  return Object.fromEntries(FLAG_KINDS.map((kind) => [kind, { ...DEFAULT_FIELDS.flag[kind], ...given(flags[kind]) }]));
}

/** A policy document with every built-in default filled in. */
export type FilledPolicyDocument = PolicyDocument & {
  readonly version: 1;
  readonly defaults: PolicyFields;
  readonly rules: readonly PolicyRule[];
};

/** The document with every default filled in and every duration in its shortest form. */
export function filledDocument(document: PolicyDocument): FilledPolicyDocument {
  return {
    version: 1,
    defaults: shortest(withDefaults(document.defaults)),
    rules: (document.rules ?? []).map((rule) => ({
      match: rule.match,
      ...shortest(rule),
      ...(rule.learned === undefined ? {} : { learned: rule.learned }),
    })),
  };
}

/** The present fields: one that is `undefined` is absent and overrides nothing. */
function given<T extends object>(group: T | undefined): Partial<T> {
  return Object.fromEntries(Object.entries(group ?? {}).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function shortest(fields: PolicyFields): PolicyFields {
  const result: Record<string, unknown> = {};
  for (const clock of Object.keys(DURATIONS) as (keyof typeof DURATIONS)[]) {
    const group = fields[clock];
    if (group !== undefined) result[clock] = shortestGroup(group);
  }
  if (typeof fields.flag === 'string') result['flag'] = fields.flag;
  else if (fields.flag !== undefined) {
    const kinds = Object.entries(given(fields.flag));
    result['flag'] = Object.fromEntries(kinds.map(([kind, group]) => [kind, shortestGroup(group ?? {})]));
  }
  if (fields.clock_tolerance !== undefined) result['clock_tolerance'] = shortestDuration(fields.clock_tolerance);
  return result;
}

function shortestGroup(group: Readonly<Record<string, string | boolean | undefined>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given(group)).map(([name, value]) => [
      name,
      typeof value === 'string' ? shortestDuration(value) : value,
    ]),
  );
}

function shortestDuration(text: string): string {
  return formatDuration(parseDuration(text) ?? 0);
}
