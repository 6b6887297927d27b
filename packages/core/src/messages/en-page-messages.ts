import type { PageMessages } from '../surface-messages.js';

const rows = (count: number) => (count === 1 ? '1 row' : `${count} rows`);

/** English, without the words of the list and of the page of one run. */
export const enPageMessages: PageMessages = {
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
    follow_up_lately: 'Follow-up',
  },
  totals: 'Totals',
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
    record: (time) => `Report from ${time}.`,
    unreachable: 'Operations cannot be loaded at the moment.',
    nextTry: (time) => `Next retry at ${time}.`,
    waiting: (time) => `Too many requests from this page: the next one is sent at ${time}.`,
    refresh: 'Refresh',
    unreadable: (count) => `${rows(count)} could not be read.`,
    foreign: (count) => `${rows(count)} of another tenant withheld.`,
    incomplete: 'Not everything could be read.',
    signedOut: 'You are no longer signed in.',
    denied: 'You do not have access to these operations.',
    notFound: 'Not found, or you do not have access.',
    runNotFound: 'This run does not exist, or you do not have access to it.',
    misconfigured: 'Misconfigured: an API on another origin needs a fetcher.',
    endedSince: (time) => `Ended operations from before ${time} are not listed.`,
  },
  announce: {
    changed: (title, label) => `${title}: ${label}`,
    progressed: (title, percent) => `${title}: ${percent}`,
    others: (count) => `${count} more changes`,
    notUpdating: 'Operations are not updating.',
  },
};
