import { DEFAULT_FILTER, type RunFilter } from '@tardy/core';
import { ReportStore, type OpsFailure, type ViewPhase } from '@tardy/elements';
import { NOW, runs, type StateName } from './runs.js';

/** One element in one state. */
export type Scene = {
  readonly title: string;
  /** The share of a wide page that it takes. */
  readonly size?: 'half' | 'wide';
  /** Left out when only the main states are shown. */
  readonly minor?: boolean;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly store: ReportStore;
};

/** All states of one element. */
export type Group = { readonly tag: string; readonly scenes: readonly Scene[] };

const STATES: Readonly<Record<StateName, string>> = {
  fresh: 'Fresh',
  uncounted: 'Fresh, without a total',
  queued: 'Queued',
  late: 'Late',
  stuck: 'Likely stuck',
  hold: 'On hold',
  unknown: 'Unknown status',
  reconciled: 'Reconciled',
  failed: 'Failed',
  succeeded: 'Succeeded',
};
const names = Object.keys(STATES) as StateName[];
const calm: readonly StateName[] = ['fresh', 'uncounted', 'queued'];

/** A store with these runs, whose clock is stopped. */
function holding(some: readonly StateName[]): ReportStore {
  return withRuns(some.map((name) => runs[name]));
}

function withRuns(some: readonly object[], complete = true): ReportStore {
  const store = waiting();
  store.push({ runs: some, now: new Date(NOW).toISOString(), complete });
  return store;
}

function waiting(): ReportStore {
  return new ReportStore({ frozenAt: NOW });
}

/** A store that cannot be read, or that the viewer has no access to. */
function refusing(phase: ViewPhase, status: number | undefined, store = waiting()): ReportStore {
  const retryAt = phase === 'old' ? NOW + 90_000 : undefined;
  const failure: OpsFailure = { kind: status === undefined ? 'network' : 'http', status, message: 'refused', retryAt };
  store.fail(failure, phase);
  return store;
}

/** The states that every element can be in. */
function misfortunes(some: readonly StateName[], properties: Scene['properties'] = {}): Scene[] {
  return [
    { title: 'Old view', properties, store: refusing('old', undefined, holding(some)) },
    { title: 'Empty and incomplete', minor: true, properties, store: withRuns([], false) },
    { title: 'Loading', minor: true, properties, store: waiting() },
    { title: 'Cannot be read', minor: true, properties, store: refusing('old', 503) },
    { title: 'No access', properties, store: refusing('denied', 403) },
    { title: 'Signed out', minor: true, properties, store: refusing('signed_out', 401) },
  ];
}

/** Every element in every state. Each call makes new stores. */
export function groups(): readonly Group[] {
  const idOf = (name: StateName) => runs[name].id;
  return [
    {
      tag: 'run-progress',
      scenes: [
        { title: 'Some unhealthy', store: holding([...calm, 'late', 'stuck', 'hold']) },
        { title: 'All healthy', minor: true, store: holding(calm) },
        { title: 'Empty', store: holding([]) },
        ...names.map((name) => ({
          title: `One run: ${STATES[name].toLowerCase()}`,
          minor: true,
          properties: { runId: idOf(name) },
          store: holding([name]),
        })),
        {
          title: 'More runs than it shows',
          minor: true,
          properties: { max: 1 },
          store: holding([...calm, 'late', 'stuck']),
        },
        { title: 'Overlay', size: 'half', properties: { mode: 'overlay', max: 2 }, store: holding(['stuck', 'fresh']) },
        ...misfortunes(['fresh', 'late']),
      ],
    },
    {
      tag: 'ops-kpis',
      scenes: [
        { title: 'Some unhealthy', size: 'wide', store: holding(names) },
        { title: 'All healthy', size: 'wide', minor: true, store: holding(calm) },
        { title: 'Empty', size: 'wide', minor: true, store: holding([]) },
        ...misfortunes(['fresh', 'late', 'stuck']).map((scene) =>
          scene.title === 'Old view' ? { ...scene, size: 'wide' as const } : scene,
        ),
      ],
    },
    {
      tag: 'ops-attention',
      scenes: [
        { title: 'Some need attention', size: 'half', store: holding(names) },
        { title: 'Nothing needs attention', store: holding(calm) },
        { title: 'More runs than it shows', properties: { max: 1 }, size: 'half', minor: true, store: holding(names) },
        { title: 'Empty', store: holding([]) },
        ...misfortunes(['fresh', 'late', 'stuck']),
      ],
    },
    {
      tag: 'ops-list',
      scenes: [
        { title: 'All runs', size: 'wide', properties: { filter: filterOf('all') }, store: holding(names) },
        {
          title: 'Filtered',
          size: 'wide',
          properties: { filter: { ...filterOf('active', 'base'), state: 'likely_stale', since: NOW - 86_400_000 } },
          store: holding(names),
        },
        {
          title: 'No run matches the filters',
          size: 'wide',
          minor: true,
          properties: { filter: filterOf('all', 'zzz') },
          store: holding(calm),
        },
        {
          title: 'Old view',
          size: 'wide',
          minor: true,
          store: refusing('old', undefined, holding(['fresh', 'late', 'stuck'])),
        },
        { title: 'Compact', size: 'half', properties: { density: 'compact', pageSize: 4 }, store: holding(names) },
        { title: 'Compact, empty', minor: true, properties: { density: 'compact' }, store: holding([]) },
        { title: 'Empty', size: 'half', minor: true, store: holding([]) },
        ...misfortunes([]).slice(1),
      ],
    },
    {
      tag: 'run-detail',
      scenes: [
        ...names
          .filter((name) => name !== 'uncounted')
          .map((name) => ({
            title: STATES[name],
            minor: !['stuck', 'reconciled'].includes(name),
            properties: { runId: idOf(name) },
            store: holding([name]),
          })),
        {
          title: 'Old view',
          minor: true,
          properties: { runId: idOf('late') },
          store: refusing('old', undefined, holding(['late'])),
        },
        {
          title: 'The second attempt',
          minor: true,
          properties: { runId: idOf('failed') },
          store: withRuns([runs.failed, { ...runs.reconciled, id: runs.failed.id }]),
        },
        { title: 'Not found', properties: { runId: 'op-1' }, store: holding([]) },
        ...misfortunes([], { runId: 'op-1' }).slice(1),
      ],
    },
  ];
}

function filterOf(tab: RunFilter['tab'], q?: string): RunFilter {
  return { ...DEFAULT_FILTER, tab, q };
}
