import {
  DEFAULT_FILTER,
  FRESHNESS_STATES,
  parseDuration,
  parseInstant,
  parseSort,
  PROBLEM_CLASSES,
  SORT_KEYS,
  type FreshnessState,
  type Instant,
  type ProblemClass,
  type RunFilter,
  type Tab,
} from '@tardy/core';
import { Option, type Command } from 'commander';
import { UsageError } from '../errors.js';

/** The filter flags as commander gives them. */
export type ListFlags = {
  readonly tab: TabFlag;
  readonly state?: FreshnessState;
  readonly problemClass?: ProblemClass;
  readonly search?: string;
  readonly since?: string;
  readonly sort?: string;
  readonly limit: string;
};

/** Which runs to list, and how many of them. */
export type ListSlice = { readonly filter: RunFilter; readonly limit: number };

/** The tabs by their flag names. The names used in links are accepted as well. */
const TABS = {
  all: 'all',
  active: 'active',
  attention: 'active_stale_attention',
  'follow-up': 'terminal_follow_up',
  completed: 'completed',
  active_stale_attention: 'active_stale_attention',
  terminal_follow_up: 'terminal_follow_up',
} as const satisfies Readonly<Record<string, Tab>>;

type TabFlag = keyof typeof TABS;

/** Adds the filter flags. */
export function withListFlags(command: Command): Command {
  return command
    .addOption(
      new Option('-t, --tab <tab>', 'all, active, attention, follow-up or completed')
        .choices(Object.keys(TABS))
        .default('all'),
    )
    .addOption(new Option('--state <state>', 'only runs in this state').choices(FRESHNESS_STATES))
    .addOption(new Option('--problem-class <class>', 'only runs of this problem class').choices(PROBLEM_CLASSES))
    .option('-s, --search <text>', 'only runs whose title, type, id or tenant contains this text')
    .option(
      '--since <instant>',
      'only runs queued since this time (RFC 3339 with offset) or within this duration (24h)',
    )
    .option('--sort <key>', `${SORT_KEYS.join(', ')}; a leading - reverses the order`)
    .option('-L, --limit <number>', 'maximum number of runs to show', '50');
}

/**
 * Parses the filter flags. `--since 24h` counts back from `now`.
 *
 * @throws {UsageError} for an invalid time, sort key or number.
 */
export function readListOptions(flags: ListFlags, now: Instant): ListSlice {
  return {
    filter: {
      tab: TABS[flags.tab],
      state: flags.state,
      problemClass: flags.problemClass,
      q: flags.search,
      since: flags.since === undefined ? undefined : sinceFlag(flags.since, now),
      sort: flags.sort === undefined ? DEFAULT_FILTER.sort : sortFlag(flags.sort),
    },
    limit: limitFlag(flags.limit),
  };
}

function sinceFlag(text: string, now: Instant): Instant {
  const span = parseDuration(text);
  const at = span === undefined || span === Infinity ? parseInstant(text) : now - span;
  if (at !== undefined) return at;
  throw new UsageError(`--since "${text}" is neither a time nor a duration.`, 'Write 24h, 7d or 2026-11-23T09:00:00Z.');
}

function sortFlag(text: string): RunFilter['sort'] {
  const sort = parseSort(text);
  if (sort !== undefined) return sort;
  throw new UsageError(
    `Unknown sort key "${text}" in --sort.`,
    `Keys: ${SORT_KEYS.join(', ')}; -started reverses the order.`,
  );
}

function limitFlag(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1) return limit;
  throw new UsageError(`--limit "${text}" is not a positive integer.`);
}
