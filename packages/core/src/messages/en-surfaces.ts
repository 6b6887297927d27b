import type { SurfaceMessages } from '../surface-messages.js';

const rows = (count: number) => (count === 1 ? '1 row' : `${count} rows`);

/** English. */
export const enSurfaces: SurfaceMessages = {
  tabs: {
    all: 'All',
    active: 'Active',
    active_stale_attention: 'Needs attention',
    terminal_follow_up: 'Follow-up',
    completed: 'Completed',
  },
  states: {
    likely_stale: 'Likely stuck',
    late: 'Late',
    unknown: "Can't tell",
    reconciled: 'Closed after going stale',
    fresh: 'Healthy',
    terminal: 'Ended',
  },
  figures: {
    active: 'Active',
    late: 'Late',
    likely_stale: 'Likely stuck',
    unknown: "Can't tell",
    follow_up_lately: 'Failed lately',
  },
  unhealthy: (count) => `${count} unhealthy`,
  allHealthy: 'all healthy',
  lately: 'in the last 24 h',
  atLeast: (count) => `${count}+`,
  more: (count) => `+${count} more`,
  moreUnhealthy: (count) => `${count} of them ${count === 1 ? 'needs' : 'need'} attention`,
  running: {
    title: 'Active operations',
    none: 'Nothing is running.',
    noneThen: (time) => `Nothing was running at ${time}.`,
  },
  attention: {
    title: 'Needs attention',
    none: 'Nothing needs attention.',
    noneThen: (time) => `Nothing needed attention at ${time}.`,
    open: 'Show in list',
  },
  view: {
    loading: 'Loading…',
    asOf: (time) => `As of ${time}, not updating.`,
    record: (time) => `Report of ${time}.`,
    unreachable: 'The operations cannot be read at the moment.',
    nextTry: (time) => `Next try at ${time}.`,
    refresh: 'Refresh',
    unreadable: (count) => `${rows(count)} could not be read.`,
    foreign: (count) => `${rows(count)} of another tenant withheld.`,
    incomplete: 'Not everything could be read.',
    signedOut: 'You are not signed in any more.',
    denied: 'You may not see operations here.',
    notFound: 'There is nothing here that you can see.',
    runNotFound: 'This run does not exist, or you cannot see it.',
    misconfigured: 'This page may not ask that address: another origin needs a fetcher.',
  },
  announce: {
    changed: (title, label) => `${title}: ${label}`,
    progressed: (title, percent) => `${title}: ${percent}`,
    others: (count) => `${count} more changes`,
    notUpdating: 'Operations are not updating.',
  },
};
