import {
  FRESHNESS_STATES,
  PROBLEM_CLASSES,
  type Freshness,
  type FreshnessState,
  type ProblemClass,
} from './classify.js';
import { formatInstant, parseInstant } from './instant.js';
import { isActive, type Instant, type Run } from './run.js';

/** A run with its verdict. */
export type JudgedRun = { readonly run: Run; readonly freshness: Freshness };

/** The tabs of the operations list. */
export type Tab = 'all' | 'active' | 'active_stale_attention' | 'terminal_follow_up' | 'completed';

/** What a list can be sorted by; a leading `-` reverses it. */
export type SortKey = 'severity' | 'queued' | 'started' | 'heartbeat' | 'ended' | 'title' | 'type' | 'tenant';

/** A slice of the operations list. What is absent does not filter. */
export type RunFilter = {
  readonly tab: Tab;
  readonly tenantId?: string | undefined;
  readonly workspaceId?: string | undefined;
  readonly type?: string | undefined;
  readonly source?: string | undefined;
  readonly state?: FreshnessState | undefined;
  readonly problemClass?: ProblemClass | undefined;
  /** Text that title, type, id or tenant name contains, ignoring case. */
  readonly q?: string | undefined;
  /** Runs queued (or started, where that is unknown) at or after this instant. */
  readonly since?: Instant | undefined;
  readonly sort: { readonly key: SortKey; readonly descending: boolean };
};

/** All tabs, in their order on the page. */
export const TABS: readonly Tab[] = ['all', 'active', 'active_stale_attention', 'terminal_follow_up', 'completed'];

/** All sort keys. */
export const SORT_KEYS: readonly SortKey[] = [
  'severity',
  'queued',
  'started',
  'heartbeat',
  'ended',
  'title',
  'type',
  'tenant',
];

/** The names that `filterToSearch` writes and `filterFromSearch` reads. */
export const FILTER_KEYS = [
  'workspace_id',
  'tenant_id',
  'activeTab',
  'problemClass',
  'state',
  'type',
  'source',
  'q',
  'since',
  'sort',
] as const;

/** Everything, worst first. */
export const DEFAULT_FILTER: RunFilter = { tab: 'all', sort: { key: 'severity', descending: false } };

/** Whether a run belongs on a tab. */
export function onTab({ run, freshness }: JudgedRun, tab: Tab): boolean {
  switch (tab) {
    case 'all':
      return true;
    case 'active':
      return isActive(run);
    case 'completed':
      return !isActive(run);
    case 'active_stale_attention':
    case 'terminal_follow_up':
      return freshness.problemClass === tab;
  }
}

/** Whether a run passes every filter, the tab included. */
export function passesFilter(judged: JudgedRun, filter: RunFilter): boolean {
  return onTab(judged, filter.tab) && passesFilterApartFromTab(judged, filter);
}

/** The runs of a slice in its order. */
export function queryRuns<T extends JudgedRun>(runs: readonly T[], filter: RunFilter): T[] {
  return runs.filter((judged) => passesFilter(judged, filter)).sort((a, b) => compareRuns(a, b, filter.sort));
}

/** How many runs each tab holds under the other filters. */
export function countTabs(runs: readonly JudgedRun[], filter: RunFilter): Readonly<Record<Tab, number>> {
  const counts: Record<Tab, number> = {
    all: 0,
    active: 0,
    active_stale_attention: 0,
    terminal_follow_up: 0,
    completed: 0,
  };
  for (const judged of runs) {
    if (!passesFilterApartFromTab(judged, filter)) continue;
    for (const tab of TABS) if (onTab(judged, tab)) counts[tab]++;
  }
  return counts;
}

/**
 * Orders two runs; a run without the sorted value comes last either way. Source, id and attempt break ties, so the order never
 * depends on how rows arrived.
 */
export function compareRuns(a: JudgedRun, b: JudgedRun, sort: RunFilter['sort']): number {
  return compareBy(a, b, sort.key, sort.descending ? -1 : 1) || compareIdentity(a.run, b.run);
}

/** How bad a run is, from 0 (ended well) to 5 (likely stuck): the order of "worst first". */
export function severityOf({ freshness }: JudgedRun): number {
  switch (freshness.state) {
    case 'likely_stale':
      return 5;
    case 'late':
      return 4;
    case 'unknown':
      return 3;
    case 'reconciled':
    case 'terminal':
      return freshness.problemClass === 'terminal_follow_up' ? 2 : 0;
    case 'fresh':
      return 1;
  }
}

/**
 * The filter as the query of a link: `tenant_id=7&activeTab=active_stale_attention&problemClass=active_stale_attention`.
 *
 * What is absent or default is left out. `filterFromSearch` reads it back to the same filter.
 */
export function filterToSearch(filter: RunFilter): string {
  const pairs: [string, string | undefined][] = [
    ['workspace_id', filter.workspaceId],
    ['tenant_id', filter.tenantId],
    ['activeTab', filter.tab === DEFAULT_FILTER.tab ? undefined : filter.tab],
    ['problemClass', filter.problemClass],
    ['state', filter.state],
    ['type', filter.type],
    ['source', filter.source],
    ['q', filter.q],
    ['since', filter.since === undefined ? undefined : formatInstant(filter.since)],
    ['sort', sortText(filter.sort)],
  ];
  return pairs
    .flatMap(([key, value]) => (value === undefined || value === '' ? [] : [`${key}=${encode(value)}`]))
    .join('&');
}

/**
 * Reads a filter from the query of a link, with or without its `?`. Unknown keys and invalid values are ignored: a link that
 * is partly unreadable shows more, never less.
 */
export function filterFromSearch(search: string): RunFilter {
  const values = new Map<string, string>();
  for (const pair of search.replace(/^\?/, '').split('&')) {
    const equals = pair.indexOf('=');
    if (equals <= 0) continue;
    const value = decode(pair.slice(equals + 1));
    if (value !== undefined && value !== '') values.set(decode(pair.slice(0, equals)) ?? '', value);
  }
  const since = values.get('since');
  return {
    tab: oneOf(TABS, values.get('activeTab')) ?? DEFAULT_FILTER.tab,
    workspaceId: values.get('workspace_id'),
    tenantId: values.get('tenant_id'),
    problemClass: oneOf(PROBLEM_CLASSES, values.get('problemClass')),
    state: oneOf(FRESHNESS_STATES, values.get('state')),
    type: values.get('type'),
    source: values.get('source'),
    q: values.get('q'),
    since: since === undefined ? undefined : parseInstant(since),
    sort: parseSort(values.get('sort')) ?? DEFAULT_FILTER.sort,
  };
}

/** Reads `severity`, `-started`, …; `undefined` for anything else. */
export function parseSort(text: string | undefined): RunFilter['sort'] | undefined {
  if (text === undefined) return undefined;
  const descending = text.startsWith('-');
  const key = oneOf(SORT_KEYS, descending ? text.slice(1) : text);
  return key === undefined ? undefined : { key, descending };
}

function sortText({ key, descending }: RunFilter['sort']): string | undefined {
  if (key === DEFAULT_FILTER.sort.key && descending === DEFAULT_FILTER.sort.descending) return undefined;
  return descending ? `-${key}` : key;
}

/** Whether a run passes the filters by owner, type and source, which no verdict is needed for. */
export function passesFactFilter(
  run: Run,
  { tenantId, workspaceId, type, source }: Pick<RunFilter, 'tenantId' | 'workspaceId' | 'type' | 'source'>,
): boolean {
  return (
    (tenantId === undefined || run.tenant?.id === tenantId) &&
    (workspaceId === undefined || run.workspace?.id === workspaceId) &&
    (type === undefined || run.type === type) &&
    (source === undefined || run.source === source)
  );
}

function passesFilterApartFromTab({ run, freshness }: JudgedRun, filter: RunFilter): boolean {
  if (!passesFactFilter(run, filter)) return false;
  if (filter.state !== undefined && freshness.state !== filter.state) return false;
  if (filter.problemClass !== undefined && freshness.problemClass !== filter.problemClass) return false;
  if (filter.since !== undefined && (run.queuedAt ?? run.startedAt ?? -Infinity) < filter.since) return false;
  return filter.q === undefined || containsText(run, filter.q.toLowerCase());
}

function containsText(run: Run, wanted: string): boolean {
  return [run.title, run.type, run.id, run.tenant?.name, run.tenant?.id].some(
    (text) => text !== undefined && text.toLowerCase().includes(wanted),
  );
}

function compareBy(a: JudgedRun, b: JudgedRun, key: SortKey, turn: 1 | -1): number {
  switch (key) {
    case 'severity':
      return (
        turn * (severityOf(b) - severityOf(a)) || turn * (unconfirmed(a) - unconfirmed(b)) || compareWithin(a, b, turn)
      );
    case 'queued':
      return compareKnown(a.run.queuedAt, b.run.queuedAt, turn);
    case 'started':
      return compareKnown(a.run.startedAt, b.run.startedAt, turn);
    case 'heartbeat':
      return compareKnown(a.run.heartbeatAt, b.run.heartbeatAt, turn);
    case 'ended':
      return compareKnown(a.run.endedAt, b.run.endedAt, turn);
    case 'title':
      return compareKnown(a.run.title, b.run.title, turn);
    case 'type':
      return compareKnown(a.run.type, b.run.type, turn);
    case 'tenant':
      return compareKnown(a.run.tenant?.name ?? a.run.tenant?.id, b.run.tenant?.name ?? b.run.tenant?.id, turn);
  }
}

/** 1 for a run that a second look could not confirm: it comes after those that one did. */
function unconfirmed({ freshness }: JudgedRun): 0 | 1 {
  return freshness.confirmed === false ? 1 : 0;
}

/** Of two runs equally bad, an active one that has been so for longer comes first; of two that ended, the later one. */
function compareWithin(a: JudgedRun, b: JudgedRun, turn: 1 | -1): number {
  return compareKnown(a.freshness.since, b.freshness.since, isActive(a.run) ? turn : turn === 1 ? -1 : 1);
}

function compareKnown<T extends number | string>(a: T | undefined, b: T | undefined, turn: 1 | -1): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  return b === undefined || a < b === (turn === 1) ? -1 : 1;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareIdentity(a: Run, b: Run): number {
  return compareTexts(a.source, b.source) || compareTexts(a.id, b.id) || a.attempt - b.attempt;
}

function oneOf<T extends string>(values: readonly T[], text: string | undefined): T | undefined {
  return values.find((value) => value === text);
}

function encode(text: string): string {
  // Half of a surrogate pair cannot be encoded, but a source may send one.
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\u{FFFD}'));
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
