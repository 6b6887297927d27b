import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify, FRESHNESS_STATES } from './classify.js';
import {
  compareRuns,
  countTabs,
  DEFAULT_FILTER,
  filterFromSearch,
  filterToSearch,
  onTab,
  parseSort,
  passesFilter,
  queryRuns,
  severityOf,
  SORT_KEYS,
  TABS,
  type JudgedRun,
  type RunFilter,
  type Tab,
} from './query.js';
import { runKey, type Run } from './run.js';
import { anyInstant, anyRun, anyText } from './test-arbitraries.js';
import { anEndedRun, aQueuedRun, aRun, DAY, HOUR, judged, NOW, POLICY } from './test-runs.js';

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

function anyFilter(text: fc.Arbitrary<string>): fc.Arbitrary<RunFilter> {
  return fc.record({
    tab: fc.constantFrom(...TABS),
    tenantId: optional(text),
    workspaceId: optional(text),
    type: optional(text),
    source: optional(text),
    state: optional(fc.constantFrom(...FRESHNESS_STATES)),
    problemClass: optional(fc.constantFrom('active_stale_attention', 'terminal_follow_up', 'none')),
    q: optional(text),
    since: optional(anyInstant),
    sort: fc.record({ key: fc.constantFrom(...SORT_KEYS), descending: fc.boolean() }),
  });
}

const anyJudged: fc.Arbitrary<JudgedRun> = anyRun().map((run) => ({ run, freshness: classify(run, POLICY, NOW) }));

const FRESH = judged(aRun({ startedAt: NOW }));
const LATE = judged(aRun({ startedAt: NOW - 2 * HOUR }));
const STUCK = judged(aRun({ startedAt: NOW - 9 * HOUR }));
const UNKNOWN = judged(aRun());
const FAILED = judged(anEndedRun({ outcome: 'failed', endedAt: NOW }));
const DONE = judged(anEndedRun({ endedAt: NOW }));
const CLOSED = judged(anEndedRun({ reconciliation: { at: NOW, reason: '', from: '' } }));

describe('onTab', () => {
  it.each<{ what: string; row: JudgedRun; tabs: Tab[] }>([
    { what: 'a fresh run', row: FRESH, tabs: ['all', 'active'] },
    { what: 'a late run', row: LATE, tabs: ['all', 'active', 'active_stale_attention'] },
    { what: 'a stuck run', row: STUCK, tabs: ['all', 'active', 'active_stale_attention'] },
    { what: 'a run that cannot be judged', row: UNKNOWN, tabs: ['all', 'active', 'active_stale_attention'] },
    { what: 'a failed run', row: FAILED, tabs: ['all', 'terminal_follow_up', 'completed'] },
    { what: 'a run that the system closed', row: CLOSED, tabs: ['all', 'terminal_follow_up', 'completed'] },
    { what: 'a run that succeeded', row: DONE, tabs: ['all', 'completed'] },
  ])('shows $what on $tabs', ({ row, tabs }) => {
    expect(TABS.filter((tab) => onTab(row, tab))).toEqual(tabs);
  });
});

describe('passesFilter', () => {
  const run = aRun({
    id: 'r-481516',
    title: 'Nightly Baseline',
    type: 'baseline_compare',
    tenant: { id: '7', name: 'Acme' },
    workspace: { id: 'w1', name: 'Contoso' },
    queuedAt: NOW - HOUR,
    startedAt: NOW - 9 * HOUR,
  });

  it.each<{ by: string; filter: Partial<RunFilter>; passes: boolean }>([
    { by: 'nothing', filter: {}, passes: true },
    { by: 'its tab', filter: { tab: 'active_stale_attention' }, passes: true },
    { by: 'another tab', filter: { tab: 'completed' }, passes: false },
    { by: 'its tenant', filter: { tenantId: '7' }, passes: true },
    { by: 'the name of its tenant', filter: { tenantId: 'Acme' }, passes: false },
    { by: 'its workspace', filter: { workspaceId: 'w1' }, passes: true },
    { by: 'another workspace', filter: { workspaceId: 'w2' }, passes: false },
    { by: 'its type', filter: { type: 'baseline_compare' }, passes: true },
    { by: 'a part of its type', filter: { type: 'baseline' }, passes: false },
    { by: 'its source', filter: { source: 'ci' }, passes: true },
    { by: 'another source', filter: { source: 'cd' }, passes: false },
    { by: 'its state', filter: { state: 'likely_stale' }, passes: true },
    { by: 'another state', filter: { state: 'late' }, passes: false },
    { by: 'its problem class', filter: { problemClass: 'active_stale_attention' }, passes: true },
    { by: 'another problem class', filter: { problemClass: 'none' }, passes: false },
    { by: 'text of its title in another case', filter: { q: 'BASE' }, passes: true },
    { by: 'text of its type', filter: { q: '_compare' }, passes: true },
    { by: 'text of its id', filter: { q: '8151' }, passes: true },
    { by: 'text of its tenant', filter: { q: 'acm' }, passes: true },
    { by: 'text of its workspace, which is not searched', filter: { q: 'contoso' }, passes: false },
    { by: 'the very instant at which it was queued', filter: { since: NOW - HOUR }, passes: true },
    { by: 'an instant after it was queued', filter: { since: NOW - HOUR + 1 }, passes: false },
    { by: 'one thing that is so and one that is not', filter: { tenantId: '7', source: 'cd' }, passes: false },
  ])('says $passes by $by', ({ filter, passes }) => {
    expect(passesFilter(judged(run), { ...DEFAULT_FILTER, ...filter })).toBe(passes);
  });

  it('finds no text in a run without a tenant that lacks it', () => {
    expect(passesFilter(judged(aRun()), { ...DEFAULT_FILTER, q: 'acme' })).toBe(false);
    expect(passesFilter(judged(aRun({ tenant: { id: '7' } })), { ...DEFAULT_FILTER, q: 'acme' })).toBe(false);
    expect(passesFilter(judged(aRun({ tenant: { id: '7' } })), { ...DEFAULT_FILTER, q: '7' })).toBe(true);
  });

  it.each<{ what: string; run: Run; passes: boolean }>([
    { what: 'its start where it was never queued', run: aRun({ startedAt: NOW }), passes: true },
    { what: 'nothing where it has neither', run: aRun({ heartbeatAt: NOW }), passes: false },
  ])('dates a run by $what', ({ run, passes }) => {
    expect(passesFilter(judged(run), { ...DEFAULT_FILTER, since: NOW })).toBe(passes);
  });
});

describe('the order', () => {
  const ids = (runs: readonly Run[], sort: string) =>
    queryRuns(
      runs.map((run) => judged(run)),
      { tab: 'all', sort: parseSort(sort) ?? DEFAULT_FILTER.sort },
    ).map(({ run }) => run.id);

  it('is worst first', () => {
    const order = [STUCK, LATE, UNKNOWN, FAILED, FRESH, DONE];
    expect(order.map(severityOf)).toEqual([5, 4, 3, 2, 1, 0]);
    expect(severityOf(CLOSED)).toBe(2);
    expect([FRESH, FAILED, DONE, LATE, UNKNOWN, STUCK].sort((a, b) => compareRuns(a, b, DEFAULT_FILTER.sort))).toEqual(
      order,
    );
  });

  it.each<{ what: string; runs: Run[]; sort: string; order: string[] }>([
    {
      what: 'the one stuck for longest first',
      runs: [aRun({ id: 'a', startedAt: NOW - 7 * HOUR }), aRun({ id: 'b', startedAt: NOW - 9 * HOUR })],
      sort: 'severity',
      order: ['b', 'a'],
    },
    {
      what: 'the last failure first, and the one at an unknown time last',
      runs: [
        anEndedRun({ id: 'a', outcome: 'failed' }),
        anEndedRun({ id: 'b', outcome: 'failed', endedAt: NOW - DAY }),
        anEndedRun({ id: 'c', outcome: 'failed', endedAt: NOW - HOUR }),
      ],
      sort: 'severity',
      order: ['c', 'b', 'a'],
    },
    {
      what: 'the first failure first, turned round',
      runs: [
        anEndedRun({ id: 'a', outcome: 'failed', endedAt: NOW - HOUR }),
        anEndedRun({ id: 'b', outcome: 'failed', endedAt: NOW - DAY }),
      ],
      sort: '-severity',
      order: ['b', 'a'],
    },
    {
      what: 'oldest in the queue first, and what was never queued last',
      runs: [aRun({ id: 'a' }), aQueuedRun({ id: 'b', queuedAt: 2 }), aQueuedRun({ id: 'c', queuedAt: 1 })],
      sort: 'queued',
      order: ['c', 'b', 'a'],
    },
    {
      what: 'newest in the queue first, and what was never queued last all the same',
      runs: [aRun({ id: 'a' }), aQueuedRun({ id: 'c', queuedAt: 1 }), aQueuedRun({ id: 'b', queuedAt: 2 })],
      sort: '-queued',
      order: ['b', 'c', 'a'],
    },
    {
      what: 'by start',
      runs: [aRun({ id: 'a', startedAt: 2 }), aRun({ id: 'b', startedAt: 1 })],
      sort: 'started',
      order: ['b', 'a'],
    },
    {
      what: 'by heartbeat',
      runs: [aRun({ id: 'a', heartbeatAt: 2 }), aRun({ id: 'b', heartbeatAt: 1 })],
      sort: 'heartbeat',
      order: ['b', 'a'],
    },
    {
      what: 'last end first, active runs last',
      runs: [aRun({ id: 'a' }), anEndedRun({ id: 'b', endedAt: 1 }), anEndedRun({ id: 'c', endedAt: 2 })],
      sort: '-ended',
      order: ['c', 'b', 'a'],
    },
    {
      what: 'by title',
      runs: [aRun({ id: 'a', title: 'Z' }), aRun({ id: 'b', title: 'A' })],
      sort: 'title',
      order: ['b', 'a'],
    },
    {
      what: 'by type',
      runs: [aRun({ id: 'a', type: 'z' }), aRun({ id: 'b', type: 'a' })],
      sort: 'type',
      order: ['b', 'a'],
    },
    {
      what: 'by the name of the tenant, or its id, and those without one last',
      runs: [
        aRun({ id: 'a' }),
        aRun({ id: 'b', tenant: { id: '1', name: 'Zeta' } }),
        aRun({ id: 'c', tenant: { id: 'Acme' } }),
      ],
      sort: 'tenant',
      order: ['c', 'b', 'a'],
    },
    {
      what: 'by source, id and attempt where all else is equal, whichever way it is turned',
      runs: [aRun({ id: 'b' }), aRun({ id: 'a', attempt: 2 }), aRun({ id: 'a2', source: 'a' }), aRun({ id: 'a' })],
      sort: '-title',
      order: ['a2', 'a', 'a', 'b'],
    },
  ])('is $what', ({ runs, sort, order }) => {
    expect(ids(runs, sort)).toEqual(order);
  });

  it.each([
    { sort: 'severity', order: ['b', 'c', 'a', 'd'] },
    { sort: '-severity', order: ['d', 'a', 'c', 'b'] },
  ])('puts a verdict that could not be confirmed after the others of its state: $sort', ({ sort, order }) => {
    const confirmed = { a: false, b: undefined, c: true, d: false };
    const rows = (['d', 'c', 'b', 'a'] as const).map((id, index) => {
      const { run, freshness } = judged(aRun({ id, startedAt: NOW - 9 * HOUR - index }));
      return { run, freshness: { ...freshness, confirmed: confirmed[id] } };
    });
    const sorted = queryRuns(rows, { tab: 'all', sort: parseSort(sort) ?? DEFAULT_FILTER.sort });
    expect(sorted.map(({ run }) => run.id)).toEqual(order);
  });

  it('is one order of all runs, however they arrive', () => {
    const rows = fc.uniqueArray(anyJudged, { maxLength: 12, selector: ({ run }) => runKey(run) });
    const twice = rows.chain((one) => fc.tuple(fc.constant(one), fc.shuffledSubarray(one, { minLength: one.length })));
    const sort = fc.record({ key: fc.constantFrom(...SORT_KEYS), descending: fc.boolean() });
    fc.assert(
      fc.property(twice, sort, ([one, other], by) => {
        const sorted = queryRuns(one, { tab: 'all', sort: by });
        expect(queryRuns(other, { tab: 'all', sort: by })).toEqual(sorted);
        for (const [index, a] of sorted.entries()) {
          for (const [at, b] of sorted.entries()) {
            expect(Math.sign(compareRuns(a, b, by))).toBe(Math.sign(index - at));
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('countTabs', () => {
  it('counts the runs of each tab that pass the other filters', () => {
    const another = judged(aRun({ startedAt: NOW, source: 'cd' }));
    const runs = [FRESH, LATE, STUCK, UNKNOWN, FAILED, DONE, CLOSED, another];
    const counts = { all: 7, active: 4, active_stale_attention: 3, terminal_follow_up: 2, completed: 3 };
    expect(countTabs(runs, { ...DEFAULT_FILTER, source: 'ci', tab: 'completed' })).toEqual(counts);
  });

  it('counts what queryRuns shows on each tab, whatever tab is open', () => {
    const texts = fc.constantFrom('a', 'ab', 'b', 'ba', 'nightly');
    fc.assert(
      fc.property(fc.array(anyJudged, { maxLength: 10 }), anyFilter(texts), (runs, filter) => {
        const counts = countTabs(runs, filter);
        for (const tab of TABS) expect(counts[tab]).toBe(queryRuns(runs, { ...filter, tab }).length);
        expect(counts.active + counts.completed).toBe(counts.all);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the link to a slice', () => {
  it.each<{ what: string; filter: RunFilter; search: string }>([
    { what: 'nothing for everything, worst first', filter: DEFAULT_FILTER, search: '' },
    {
      what: 'tenant, tab and problem class',
      filter: {
        ...DEFAULT_FILTER,
        tab: 'active_stale_attention',
        problemClass: 'active_stale_attention',
        tenantId: '7',
      },
      search: 'tenant_id=7&activeTab=active_stale_attention&problemClass=active_stale_attention',
    },
    {
      what: 'everything else',
      filter: {
        tab: 'completed',
        workspaceId: 'w 1',
        state: 'reconciled',
        type: 'a&b',
        source: 'c=d',
        q: '50%',
        since: NOW,
        sort: { key: 'ended', descending: true },
      },
      search:
        'workspace_id=w%201&activeTab=completed&state=reconciled&type=a%26b&source=c%3Dd&q=50%25' +
        '&since=2026-11-23T09%3A00%3A00Z&sort=-ended',
    },
    {
      what: 'the default sort turned round',
      filter: { ...DEFAULT_FILTER, sort: { key: 'severity', descending: true } },
      search: 'sort=-severity',
    },
    { what: 'no empty text', filter: { ...DEFAULT_FILTER, q: '' }, search: '' },
    { what: 'a sign for half a character', filter: { ...DEFAULT_FILTER, q: 'a\u{D800}' }, search: 'q=a%EF%BF%BD' },
  ])('holds $what', ({ filter, search }) => {
    expect(filterToSearch(filter)).toBe(search);
  });

  it.each<{ what: string; search: string; filter: Partial<RunFilter> }>([
    { what: 'a question mark in front', search: '?tenant_id=7', filter: { tenantId: '7' } },
    { what: 'a question mark inside', search: 'q=a?b', filter: { q: 'a?b' } },
    { what: 'a key without a value', search: 'typex&qx', filter: {} },
    { what: 'plus signs for spaces', search: 'q=a+b', filter: { q: 'a b' } },
    { what: 'keys of the host', search: 'theme=dark&tenant_id=7&=x&tenant_id', filter: { tenantId: '7' } },
    { what: 'the last of two', search: 'q=a&q=b', filter: { q: 'b' } },
    { what: 'a tab that does not exist', search: 'activeTab=stuck&q=a', filter: { q: 'a' } },
    { what: 'a state that does not exist', search: 'state=zombie&problemClass=bad&sort=colour', filter: {} },
    { what: 'a sort that every object inherits', search: 'sort=toString', filter: {} },
    { what: 'a time without an offset', search: 'since=2026-11-23', filter: {} },
    { what: 'a broken escape', search: 'q=%E0%A4&type=a', filter: { type: 'a' } },
    { what: 'an empty value', search: 'tenant_id=', filter: {} },
  ])('is read with $what', ({ search, filter }) => {
    expect(filterFromSearch(search)).toEqual({ ...DEFAULT_FILTER, ...filter });
  });

  it('is read back to the same slice', () => {
    const wellFormed = anyText.map((text) => text.replace(/\p{Cs}/gu, ''));
    const nothing = (filter: RunFilter) =>
      Object.fromEntries(Object.entries(filter).map(([key, value]) => [key, value === '' ? undefined : value]));
    fc.assert(
      fc.property(anyFilter(wellFormed), fc.constantFrom('', '?'), (filter, mark) => {
        expect(filterFromSearch(mark + filterToSearch(filter))).toEqual(nothing(filter));
        expect(new URLSearchParams(filterToSearch(filter)).get('q') ?? '').toBe(filter.q ?? '');
      }),
      { numRuns: 1000 },
    );
  });

  it('can be made of any text and read from any', () => {
    fc.assert(
      fc.property(anyFilter(anyText), anyText, (filter, search) => {
        expect(filterToSearch(filterFromSearch(filterToSearch(filter)))).toBe(filterToSearch(filter));
        expect(TABS).toContain(filterFromSearch(search).tab);
      }),
      { numRuns: 500 },
    );
  });
});

describe('parseSort', () => {
  it.each([
    { text: 'ended', sort: { key: 'ended', descending: false } },
    { text: '-ended', sort: { key: 'ended', descending: true } },
    { text: '--ended', sort: undefined },
    { text: '', sort: undefined },
    { text: undefined, sort: undefined },
  ])('reads $text', ({ text, sort }) => {
    expect(parseSort(text)).toEqual(sort);
  });
});
