import type { Messages } from '../messages.js';

const amount = (count: string, unit: string) => (unit === '' ? count : `${count} ${unit}`);

const clocks = {
  queue: 'in the queue',
  run: 'of running',
  silence: 'without a heartbeat',
  hold: 'on hold',
  deadline: 'past its deadline',
  flag: 'with this evidence against it',
} as const;

/** The time each clock measures. */
const durations = {
  queue: 'time in the queue',
  run: 'running time',
  silence: 'time without a heartbeat',
  hold: 'time on hold',
  deadline: 'time past its deadline',
  flag: 'time with this evidence against it',
} as const;

/** The time each clock starts at. */
const starts = {
  queue: 'queue time',
  run: 'start time',
  silence: 'last heartbeat',
  hold: 'hold time',
  deadline: 'deadline',
  flag: 'flag',
} as const;

const flags = {
  worker_lost: 'Its worker is gone',
  unresponsive: 'Its worker does not respond',
  orphaned: 'What it waits for can no longer happen',
  cannot_start: 'It can never start',
  stuck: 'It makes no progress',
  late: 'It is late',
} as const;

/** English. */
export const en: Messages = {
  locale: 'en',
  units: { s: 's', min: 'min', h: 'h', d: 'd' },
  labels: {
    queued: 'Queued',
    running: 'Running',
    hold: 'On hold',
    late: 'Running late',
    queued_late: 'Queued too long',
    hold_late: 'On hold too long',
    likely_stale: 'Likely stuck',
    unknown: "Can't tell",
    reconciled: 'Closed after going stale',
    succeeded: 'Succeeded',
    partially_succeeded: 'Partially succeeded',
    blocked: 'Blocked',
    failed: 'Failed',
    cancelled: 'Cancelled',
    skipped: 'Skipped',
    outcome_unknown: 'Ended, outcome unknown',
    withheld: 'Not updating',
  },
  flags,
  times: {
    queued: 'Queued',
    not_before: 'Not before',
    started: 'Started',
    heartbeat: 'Last heartbeat',
    hold: 'On hold since',
    deadline: 'Deadline',
    ended: 'Ended',
    reconciled: 'Closed',
  },
  ago: (span) => `${span} ago`,
  ahead: (span) => `in ${span}`,
  headline: {
    queued: (span) => `Queued for ${span}`,
    startsIn: (span) => `Starts in ${span}`,
    running: (span) => `Running for ${span}`,
    runningVouched: (span, silent) => `Running for ${span}, last heartbeat ${silent} ago`,
    runningSilent: (span, silent) => `Running for ${span}, no heartbeat for ${silent}`,
    silent: (silent) => `No heartbeat for ${silent}`,
    held: (hold, span, what) => {
      const suffix = what === undefined ? '' : `: ${what}`;
      switch (hold) {
        case 'approval':
          return `Waiting for approval for ${span}${suffix}`;
        case 'schedule':
          return `Waiting for its scheduled time for ${span}${suffix}`;
        case 'dependency':
          return `Waiting for another run for ${span}${suffix}`;
        case 'limit':
          return `Waiting for a concurrency limit for ${span}${what === undefined ? '' : `, behind ${what}`}`;
        case 'retry':
          return `Waiting for its next attempt for ${span}${suffix}`;
        case 'paused':
          return `Paused for ${span}${suffix}`;
        case 'event':
          return `Waiting for an event for ${span}${suffix}`;
      }
    },
    startedBefore: (headline, ago) => `${headline}; started ${ago}`,
    queuedBefore: (headline, ago) => `${headline}; first queued ${ago}`,
    goesOnIn: (span) => `Resumes in ${span}`,
    retriesIn: (span) => `Retries in ${span}`,
    dueIn: (span) => `Due in ${span}`,
    overdue: (span) => `Past its deadline by ${span}`,
    unknown: {
      no_time: 'No start time reported',
      clock_skew: 'Its times are in the future',
      status: 'Its source reports an unknown status',
    },
    reconciled: (ago) => `Closed ${ago} after going stale`,
    ended: (label, ago) => `${label} ${ago}`,
    endedUnknown: (ago) => `Ended ${ago}, outcome unknown`,
    withheld: (headline) => `Last known: ${headline}`,
  },
  reason: {
    workedThenSilent: (worked, silent) => `Ran for ${worked}, then no heartbeat for ${silent}.`,
    threshold: (level, clock, span, rule) =>
      `${level === 'late' ? 'Late' : 'Likely stuck'} after ${span} ${clocks[clock]} (rule: ${rule}).`,
    atOnce: (level, _clock, rule) => `${level === 'late' ? 'Late' : 'Likely stuck'} at once (rule: ${rule}).`,
    neverLate: (clock, rule) => `No limit applies to its ${durations[clock]} (rule: ${rule}).`,
    deadlineAhead: 'Late once its deadline has passed.',
    deadlinePassed: 'Its deadline has passed.',
    noHeartbeat: 'Its source reports no heartbeats, so only elapsed time counts.',
    vouched: 'Its heartbeat is fresh, so it does not count as stuck.',
    flag: (by, source, kind, text) =>
      `${by === 'tardy' ? 'Tardy found' : `${source} says`}: ${flags[kind]}${text === undefined ? '' : `: "${text}"`}.`,
    holdEnds: 'Its hold ends by itself, so it is not late before then.',
    skewed: (which) =>
      `Its ${which.map((clock) => starts[clock]).join(' and ')} ${which.length === 1 ? 'is' : 'are'} ` +
      'too far in the future to be used. Check the clocks.',
    unconfirmed: 'Not confirmed: a second look at it failed.',
    unknown: {
      no_time: () => 'It is active, but its source reports neither when it was queued nor when it started.',
      clock_skew: () => 'It is active, but its times are too far in the future to be used.',
      status: (status) =>
        `Its source reports the status "${status}", which Tardy does not know, so it may or may not be active.`,
    },
    reconciled: (from, reason) =>
      `The system closed it after it went stale${from === '' ? '' : ` while ${from}`}${reason === '' ? '.' : `: ${reason}.`}`,
    ended: (duration, failure) =>
      `${duration === undefined ? 'It has ended.' : `It took ${duration}.`}${failure === '' ? '' : ` ${failure}`}`,
    withheld: 'There is no newer data, so its current state is unknown.',
  },
  guidance: {
    late: {
      queue: 'Check whether a suitable worker is up and has capacity.',
      run: 'Check whether it still makes progress. No other action is needed yet.',
      silence: 'Check again in a minute: a live worker will send another heartbeat.',
      hold: 'Check whether what it waits for will still happen.',
      deadline: 'Notify whoever is waiting for it, and check what it is doing.',
    },
    stale: {
      queue: 'Start a suitable worker, or cancel the run in its source.',
      run: 'Check in its source whether it still makes progress. If not, cancel it there.',
      silence:
        'Check whether its worker is still alive. If not, cancel the run in its source so that queued work can continue.',
      hold: 'Resolve what it waits for, or cancel it in its source.',
      deadline: 'It is far past its deadline. Check what it is doing, or cancel it in its source.',
    },
    holds: {
      approval: 'Someone has to approve it.',
      schedule: 'It resumes by itself at its scheduled time.',
      dependency: 'It resumes when the run before it has ended.',
      limit: 'It starts when a slot becomes free.',
      retry: 'Its next attempt starts by itself.',
      paused: 'Someone has to resume it.',
      event: 'It resumes when the event arrives.',
    },
    flags: {
      worker_lost: 'Start a worker. If none picks the run up, cancel it in its source.',
      unresponsive: 'Check the machine that it runs on.',
      orphaned: 'Cancel it in its source: nothing will release it.',
      cannot_start: 'Fix what prevents it from starting, or cancel it in its source.',
      stuck: 'Open it in its source and check why it makes no progress.',
      late: 'Check whether a suitable worker is up and has capacity.',
    },
    unknown: {
      no_time: 'Open it in its source, and make the source report a start time.',
      clock_skew: 'Correct the clocks of the source and its workers.',
      status: 'Open it in its source. The status may be newer than this version of Tardy.',
    },
    reconciled: 'Find out why it went stale before you run it again.',
    failed: 'Open it to see why it failed.',
    blocked: 'Open it to see what blocked it.',
    partiallySucceeded: 'Open it to see which part did not succeed.',
  },
  elapsed: (worked, silent) => `ran for ${worked}, no heartbeat for ${silent}`,
  progress: {
    part: (processed, total, unit) => amount(`${processed} of ${total}`, unit),
    count: (processed, unit) => `${amount(processed, unit)} so far`,
    counted: amount,
    finishing: (total, unit) => `all ${amount(total, unit)} done, still finishing`,
    over: (processed, total, unit) => `${amount(processed, unit)}, more than the ${total} expected`,
    failed: (count) => `${count} failed`,
    skipped: (count) => `${count} skipped`,
    wentBack: (text, from) => `${text} (down from ${from})`,
    attempt: (attempt, text) => `attempt ${attempt}: ${text}`,
  },
};
