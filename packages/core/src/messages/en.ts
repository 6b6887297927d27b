import type { Messages } from '../messages.js';

const amount = (count: string, unit: string) => (unit === '' ? count : `${count} ${unit}`);

const clocks = {
  queue: 'in the queue',
  run: 'of running',
  silence: 'of silence',
  hold: 'on hold',
  deadline: 'past the deadline',
} as const;

/** What each clock starts at. */
const starts = {
  queue: 'entry into the queue',
  run: 'start',
  silence: 'last sign of life',
  hold: 'hold',
  deadline: 'deadline',
} as const;

const flags = {
  worker_lost: 'Its worker is gone',
  unresponsive: 'Its worker does not respond',
  orphaned: 'What it waits for can no longer happen',
  cannot_start: 'It can never start',
  stuck: 'Its source calls it stuck',
  late: 'Its source calls it late',
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
    heartbeat: 'Last sign of life',
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
    runningVouched: (span, silent) => `Running for ${span}, last sign of life ${silent} ago`,
    runningSilent: (span, silent) => `Running for ${span}, no sign of life for ${silent}`,
    silent: (silent) => `No sign of life for ${silent}`,
    held: (hold, span) => {
      switch (hold) {
        case 'approval':
          return `Waiting ${span} for approval`;
        case 'schedule':
          return `Waiting ${span} for its time`;
        case 'dependency':
          return `Waiting ${span} for another run`;
        case 'limit':
          return `Waiting for a concurrency limit for ${span}`;
        case 'retry':
          return `Waiting for its next attempt for ${span}`;
        case 'paused':
          return `Paused for ${span}`;
        case 'event':
          return `Waiting ${span} for an event`;
      }
    },
    goesOnIn: (span) => `Goes on in ${span}`,
    dueIn: (span) => `Due in ${span}`,
    overdue: (span) => `Past its deadline by ${span}`,
    unknown: {
      no_time: 'No time to judge it by',
      clock_skew: 'Its times lie in the future',
      status: 'Its source reports a status that is not known',
    },
    reconciled: (ago) => `Closed ${ago} after going stale`,
    ended: (label, ago) => `${label} ${ago}`,
    endedUnknown: (ago) => `Ended ${ago}, outcome unknown`,
    withheld: (headline) => `Last known: ${headline}`,
  },
  reason: {
    workedThenSilent: (worked, silent) => `It worked for ${worked} and has been silent for ${silent}.`,
    threshold: (level, clock, span, rule) =>
      `It counts as ${level === 'late' ? 'late' : 'likely stuck'} from ${span} ${clocks[clock]} on (${rule}).`,
    neverLate: (clock, rule) => `No length of time ${clocks[clock]} makes it late (${rule}).`,
    deadlineAhead: 'It counts as late from its deadline on.',
    deadlinePassed: 'Its deadline has passed.',
    noHeartbeat: 'Its source reports no signs of life, so elapsed time is all there is to go by.',
    vouched: 'Its heartbeat is fresh, so it is not taken for stuck.',
    flag: (kind, text, rule) =>
      `${flags[kind]}${text === undefined ? '' : `: ${text}`}${rule === undefined ? '' : ` (${rule})`}.`,
    skewed: (which) =>
      `The time of its ${which.map((clock) => starts[clock]).join(' and of its ')} ` +
      'lies too far in the future to be used; check the clocks.',
    unknown: {
      no_time: () => 'It is active, but its source gives no time at which it was queued or started.',
      clock_skew: () => 'It is active, but its times lie too far in the future to be used.',
      status: (status) =>
        `Its source reports the status "${status}", which is not known, so it may or may not be active.`,
    },
    reconciled: (from, reason) =>
      `The system closed it after it went stale${from === '' ? '' : ` while ${from}`}${reason === '' ? '.' : `: ${reason}.`}`,
    ended: (duration, failure) =>
      `${duration === undefined ? 'It has ended.' : `It took ${duration}.`}${failure === '' ? '' : ` ${failure}`}`,
    withheld: 'Nothing newer is known of it, so it may or may not be well.',
  },
  guidance: {
    late: {
      queue: 'See whether a worker that can take it is up and has room.',
      run: 'See whether it still makes progress; nothing else need be done yet.',
      silence: 'Look again in a moment: a worker that lives will be heard from.',
      hold: 'See whether what it waits for is still going to happen.',
      deadline: 'Tell whoever waits for it, and see what it is busy with.',
    },
    stale: {
      queue: 'Start a worker that can take it, or end it where it was started.',
      run: 'Open it and see whether anything still moves. If not, end it where it was started.',
      silence:
        'Check that its worker is alive. If it died, end the run where it was started, so that what waits for it goes on.',
      hold: 'Decide what it waits for, or end it where it was started.',
      deadline: 'Nobody can count on it any more: see what it is busy with, or end it where it was started.',
    },
    holds: {
      approval: 'Someone has to approve it.',
      schedule: 'It goes on by itself at its time.',
      dependency: 'It goes on when the run before it has ended.',
      limit: 'It starts when a place becomes free.',
      retry: 'Its next attempt starts by itself.',
      paused: 'Someone has to resume it.',
      event: 'It goes on when the event arrives.',
    },
    flags: {
      worker_lost: 'Start a worker again. If none will pick the run up, end it where it was started.',
      unresponsive: 'Check the machine that it runs on.',
      orphaned: 'Cancel it in its source: nothing will release it.',
      cannot_start: 'Correct what keeps it from starting, or cancel it in its source.',
      stuck: 'Open it in its source and see why it does not go on.',
      late: 'See whether a worker that can take it is up and has room.',
    },
    unknown: {
      no_time: 'Open it in its source, and have the source send a start time.',
      clock_skew: 'Set the clocks of the source and its workers right.',
      status: 'Open it in its source; the status may be newer than this version of Tardy.',
    },
    reconciled: 'Find out why it went stale before it is run again.',
    failed: 'Open it to see why it failed.',
    blocked: 'Open it to see what blocked it.',
    partiallySucceeded: 'Open it to see which part did not succeed.',
  },
  elapsed: (worked, silent) => `worked ${worked}, silent for ${silent}`,
  progress: {
    part: (processed, total, unit) => amount(`${processed} of ${total}`, unit),
    count: (processed, unit) => `${amount(processed, unit)} so far`,
    counted: amount,
    finishing: (total, unit) => `all ${amount(total, unit)} done, still finishing`,
    over: (processed, total, unit) => `${amount(processed, unit)}, more than the ${total} expected`,
    failed: (count) => `${count} failed`,
    skipped: (count) => `${count} skipped`,
    wentBack: (text, from) => `${text} (went back from ${from})`,
    attempt: (attempt, text) => `attempt ${attempt}: ${text}`,
  },
};
