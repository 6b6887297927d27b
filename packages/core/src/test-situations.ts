import type { Policy } from './policy.js';
import type { Run } from './run.js';
import { anEndedRun, aQueuedRun, aRun, DAY, HOUR, MINUTE, NOW, policyWith, SECOND } from './test-runs.js';

/** A run at `NOW` and what is said of it in English: label, headline, reason and guidance. */
export type Situation = {
  readonly when: string;
  readonly run: Run;
  readonly policy?: Policy;
  readonly says: readonly [label: string, headline: string, reason: string, guidance: string];
};

const HOLDS_GET_STUCK = policyWith({ hold: { stale: '3d' } });
const ENDED = { startedAt: NOW - HOUR, endedAt: NOW - 5 * MINUTE };

const QUEUE: readonly Situation[] = [
  {
    when: 'it is queued',
    run: aQueuedRun({ queuedAt: NOW - MINUTE }),
    says: ['Queued', 'Queued for 1 min', 'It counts as late from 5 min in the queue on (defaults.queue.late).', ''],
  },
  {
    when: 'it may not start yet',
    run: aQueuedRun({ queuedAt: NOW - DAY, notBefore: NOW + HOUR }),
    says: ['Queued', 'Starts in 1 h', 'It counts as late from 5 min in the queue on (defaults.queue.late).', ''],
  },
  {
    when: 'it is queued too long',
    run: aQueuedRun({ queuedAt: NOW - 6 * MINUTE }),
    says: [
      'Queued too long',
      'Queued for 6 min',
      'It counts as late from 5 min in the queue on (defaults.queue.late).',
      'See whether a worker that can take it is up and has room.',
    ],
  },
  {
    when: 'it is queued for ever',
    run: aQueuedRun({ queuedAt: NOW - 26 * HOUR }),
    says: [
      'Likely stuck',
      'Queued for 1 d 2 h',
      'It counts as likely stuck from 30 min in the queue on (defaults.queue.stale).',
      'Start a worker that can take it, or end it where it was started.',
    ],
  },
];

const RUN: readonly Situation[] = [
  {
    when: 'it runs',
    run: aRun({ startedAt: NOW - 5 * MINUTE, heartbeatAt: NOW - SECOND }),
    says: ['Running', 'Running for 5 min', 'It counts as late from 1 h of running on (defaults.run.late).', ''],
  },
  {
    when: 'nothing but a heartbeat is known',
    run: aRun({ heartbeatAt: NOW - SECOND }),
    says: ['Running', 'Running for 1 s', 'It counts as late from 2 min of silence on (defaults.silence.late).', ''],
  },
  {
    when: 'it runs for long and gives no sign of life',
    run: aRun({ startedAt: NOW - 2 * HOUR }),
    says: [
      'Running late',
      'Running for 2 h',
      'It counts as late from 1 h of running on (defaults.run.late). Its source reports no signs of life, so elapsed time is all there is to go by.',
      'See whether it still makes progress; nothing else need be done yet.',
    ],
  },
  {
    when: 'it runs for very long and its heartbeat vouches',
    run: aRun({ startedAt: NOW - 9 * HOUR, heartbeatAt: NOW - 5 * SECOND }),
    says: [
      'Running late',
      'Running for 9 h, last sign of life 5 s ago',
      'It counts as late from 1 h of running on (defaults.run.late). Its heartbeat is fresh, so it is not taken for stuck.',
      'See whether it still makes progress; nothing else need be done yet.',
    ],
  },
  {
    when: 'it runs for long and has fallen silent',
    run: aRun({ startedAt: NOW - 2 * HOUR, heartbeatAt: NOW - 3 * MINUTE }),
    says: [
      'Running late',
      'Running for 2 h, no sign of life for 3 min',
      'It worked for 1 h 57 min and has been silent for 3 min. It counts as late from 1 h of running on (defaults.run.late).',
      'See whether it still makes progress; nothing else need be done yet.',
    ],
  },
  {
    when: 'it runs for ever',
    run: aRun({ startedAt: NOW - 9 * HOUR }),
    says: [
      'Likely stuck',
      'Running for 9 h',
      'It counts as likely stuck from 6 h of running on (defaults.run.stale). Its source reports no signs of life, so elapsed time is all there is to go by.',
      'Open it and see whether anything still moves. If not, end it where it was started.',
    ],
  },
];

const SILENCE: readonly Situation[] = [
  {
    when: 'it has fallen silent',
    run: aRun({ startedAt: NOW - 20 * MINUTE, heartbeatAt: NOW - 3 * MINUTE }),
    says: [
      'Running late',
      'No sign of life for 3 min',
      'It worked for 17 min and has been silent for 3 min. It counts as late from 2 min of silence on (defaults.silence.late).',
      'Look again in a moment: a worker that lives will be heard from.',
    ],
  },
  {
    when: 'it is silent for ever',
    run: aRun({ startedAt: NOW - 192 * MINUTE, heartbeatAt: NOW - 180 * MINUTE }),
    says: [
      'Likely stuck',
      'No sign of life for 3 h',
      'It worked for 12 min and has been silent for 3 h. It counts as likely stuck from 10 min of silence on (defaults.silence.stale).',
      'Check that its worker is alive. If it died, end the run where it was started, so that what waits for it goes on.',
    ],
  },
];

const HOLD: readonly Situation[] = (
  [
    ['approval', 'Waiting 1 h for approval', 'Someone has to approve it.'],
    ['schedule', 'Waiting 1 h for its time', 'It goes on by itself at its time.'],
    ['dependency', 'Waiting 1 h for another run', 'It goes on when the run before it has ended.'],
    ['paused', 'Paused for 1 h', 'Someone has to resume it.'],
    ['event', 'Waiting 1 h for an event', 'It goes on when the event arrives.'],
  ] as const
).map(([hold, headline, guidance]) => ({
  when: `it is held: ${hold}`,
  run: aRun({ hold, holdSince: NOW - HOUR }),
  says: ['On hold', headline, 'It counts as late from 1 d on hold on (defaults.hold.late).', guidance],
}));

const HOLD_FOR_LONG: readonly Situation[] = [
  {
    when: 'a held run goes on at a time that lies ahead',
    run: aRun({ hold: 'schedule', holdSince: NOW - HOUR, notBefore: NOW + HOUR }),
    says: [
      'On hold',
      'Goes on in 1 h',
      'It counts as late from 1 d on hold on (defaults.hold.late).',
      'It goes on by itself at its time.',
    ],
  },
  {
    when: 'a held run starts at a time that lies ahead',
    run: aQueuedRun({ hold: 'schedule', notBefore: NOW + HOUR }),
    says: [
      'On hold',
      'Starts in 1 h',
      'It counts as late from 1 d on hold on (defaults.hold.late).',
      'It goes on by itself at its time.',
    ],
  },
  {
    when: 'a hold has no end',
    run: aRun({ hold: 'approval', holdSince: NOW - 9 * DAY }),
    policy: policyWith({ hold: { late: 'never' } }),
    says: [
      'On hold',
      'Waiting 9 d for approval',
      'No length of time on hold makes it late (defaults.hold.late).',
      'Someone has to approve it.',
    ],
  },
  {
    when: 'it is held too long',
    run: aRun({ hold: 'approval', holdSince: NOW - 25 * HOUR }),
    says: [
      'On hold too long',
      'Waiting 1 d 1 h for approval',
      'It counts as late from 1 d on hold on (defaults.hold.late).',
      'See whether what it waits for is still going to happen.',
    ],
  },
  {
    when: 'it is held for ever',
    run: aRun({ hold: 'paused', holdSince: NOW - 4 * DAY }),
    policy: HOLDS_GET_STUCK,
    says: [
      'Likely stuck',
      'Paused for 4 d',
      'It counts as likely stuck from 3 d on hold on (defaults.hold.stale).',
      'Decide what it waits for, or end it where it was started.',
    ],
  },
];

const DEADLINE: readonly Situation[] = [
  {
    when: 'only its deadline is known',
    run: aRun({ deadlineAt: NOW + HOUR }),
    says: ['Running', 'Due in 1 h', 'It counts as late from its deadline on.', ''],
  },
  {
    when: 'its deadline has passed',
    run: aRun({ startedAt: NOW - HOUR / 2, deadlineAt: NOW - MINUTE }),
    says: [
      'Running late',
      'Past its deadline by 1 min',
      'Its deadline has passed.',
      'Tell whoever waits for it, and see what it is busy with.',
    ],
  },
  {
    when: 'its deadline is long past',
    run: aRun({ startedAt: NOW - HOUR / 2, deadlineAt: NOW - HOUR / 4 }),
    says: [
      'Likely stuck',
      'Past its deadline by 15 min',
      'It counts as likely stuck from 10 min past the deadline on (defaults.deadline.grace).',
      'Nobody can count on it any more: see what it is busy with, or end it where it was started.',
    ],
  },
];

const FLAGGED = { startedAt: NOW - MINUTE };

const FLAG: readonly Situation[] = [
  {
    when: 'its worker is gone',
    run: aRun({ ...FLAGGED, flag: { kind: 'worker_lost', text: 'No worker on queue gpu.' } }),
    says: [
      'Running late',
      'Its worker is gone',
      'Its worker is gone: No worker on queue gpu (defaults.flag).',
      'Start a worker again. If none will pick the run up, end it where it was started.',
    ],
  },
  {
    when: 'its worker does not respond',
    run: aRun({ ...FLAGGED, flag: { kind: 'unresponsive' } }),
    policy: policyWith({ flag: 'stale' }),
    says: [
      'Likely stuck',
      'Its worker does not respond',
      'Its worker does not respond (defaults.flag).',
      'Check the machine that it runs on.',
    ],
  },
  {
    when: 'its source calls it stuck',
    run: aRun({ ...FLAGGED, flag: { kind: 'stuck', text: ' ' } }),
    says: [
      'Running late',
      'Its source calls it stuck',
      'Its source calls it stuck (defaults.flag).',
      'Open it in its source and see why it does not go on.',
    ],
  },
  {
    when: 'its source calls it late',
    run: aQueuedRun({ queuedAt: NOW - MINUTE, flag: { kind: 'late' } }),
    says: [
      'Queued too long',
      'Its source calls it late',
      'Its source calls it late (defaults.flag).',
      'See whether a worker that can take it is up and has room.',
    ],
  },
  {
    when: 'a clock says more than the flag',
    run: aRun({ startedAt: NOW - HOUR, heartbeatAt: NOW - HOUR / 2, flag: { kind: 'worker_lost' } }),
    says: [
      'Likely stuck',
      'No sign of life for 30 min',
      'It worked for 30 min and has been silent for 30 min. Its worker is gone. It counts as likely stuck from 10 min of silence on (defaults.silence.stale).',
      'Check that its worker is alive. If it died, end the run where it was started, so that what waits for it goes on.',
    ],
  },
];

const SKEW: readonly Situation[] = [
  {
    when: 'its start lies in the future, but it is heard from',
    run: aRun({ startedAt: NOW + HOUR, heartbeatAt: NOW }),
    says: [
      'Running',
      'Running',
      'It counts as late from 2 min of silence on (defaults.silence.late). The time of its start lies too far in the future to be used; check the clocks.',
      '',
    ],
  },
  {
    when: 'its heartbeat lies in the future',
    run: aRun({ startedAt: NOW - 9 * HOUR, heartbeatAt: NOW + HOUR }),
    says: [
      'Running late',
      'Running for 9 h',
      'It counts as late from 1 h of running on (defaults.run.late). The time of its last sign of life lies too far in the future to be used; check the clocks.',
      'See whether it still makes progress; nothing else need be done yet.',
    ],
  },
  {
    when: 'both lie in the future and the deadline has passed',
    run: aRun({ startedAt: NOW + HOUR, heartbeatAt: NOW + HOUR, deadlineAt: NOW - SECOND }),
    says: [
      'Running late',
      'Past its deadline by 1 s',
      'Its deadline has passed. The time of its start and of its last sign of life lies too far in the future to be used; check the clocks.',
      'Tell whoever waits for it, and see what it is busy with.',
    ],
  },
];

const UNKNOWN: readonly Situation[] = [
  {
    when: 'it has no time',
    run: aRun(),
    says: [
      "Can't tell",
      'No time to judge it by',
      'It is active, but its source gives no time at which it was queued or started.',
      'Open it in its source, and have the source send a start time.',
    ],
  },
  {
    when: 'its only time lies in the future',
    run: aRun({ startedAt: NOW + HOUR }),
    says: [
      "Can't tell",
      'Its times lie in the future',
      'It is active, but its times lie too far in the future to be used.',
      'Set the clocks of the source and its workers right.',
    ],
  },
  {
    when: 'its status is not known',
    run: aRun({ outcome: 'unknown', native: { status: 'zombie' }, startedAt: NOW }),
    says: [
      "Can't tell",
      'Its source reports a status that is not known',
      'Its source reports the status "zombie", which is not known, so it may or may not be active.',
      'Open it in its source; the status may be newer than this version of Tardy.',
    ],
  },
];

const ENDS: readonly Situation[] = [
  {
    when: 'it has succeeded',
    run: anEndedRun(ENDED),
    says: ['Succeeded', 'Succeeded 5 min ago', 'It took 55 min.', ''],
  },
  {
    when: 'a part of it has succeeded',
    run: anEndedRun({ ...ENDED, outcome: 'partially_succeeded' }),
    says: [
      'Partially succeeded',
      'Partially succeeded 5 min ago',
      'It took 55 min.',
      'Open it to see which part did not succeed.',
    ],
  },
  {
    when: 'something blocked it',
    run: anEndedRun({ ...ENDED, outcome: 'blocked' }),
    says: ['Blocked', 'Blocked 5 min ago', 'It took 55 min.', 'Open it to see what blocked it.'],
  },
  {
    when: 'it has failed',
    run: anEndedRun({ ...ENDED, outcome: 'failed', failure: { code: 'E1', message: 'Out of memory' } }),
    says: ['Failed', 'Failed 5 min ago', 'It took 55 min. Out of memory.', 'Open it to see why it failed.'],
  },
  {
    when: 'it has failed, with a stop and without times',
    run: anEndedRun({ outcome: 'failed', failure: { message: 'Out of memory!' } }),
    says: ['Failed', 'Failed', 'It has ended. Out of memory!', 'Open it to see why it failed.'],
  },
  {
    when: 'it was cancelled',
    run: anEndedRun({ ...ENDED, outcome: 'cancelled' }),
    says: ['Cancelled', 'Cancelled 5 min ago', 'It took 55 min.', ''],
  },
  {
    when: 'it was skipped',
    run: anEndedRun({ outcome: 'skipped', endedAt: NOW - SECOND }),
    says: ['Skipped', 'Skipped 1 s ago', 'It has ended.', ''],
  },
  {
    when: 'nobody knows how it ended',
    run: anEndedRun({ ...ENDED, outcome: 'unknown' }),
    says: ['Ended, outcome unknown', 'Ended 5 min ago, outcome unknown', 'It took 55 min.', ''],
  },
  {
    when: 'the system closed it',
    run: anEndedRun({
      outcome: 'failed',
      reconciliation: { at: NOW - MINUTE, reason: 'no heartbeat for 42 min.', from: 'running' },
    }),
    says: [
      'Closed after going stale',
      'Closed 1 min ago after going stale',
      'The system closed it after it went stale while running: no heartbeat for 42 min.',
      'Find out why it went stale before it is run again.',
    ],
  },
  {
    when: 'the system closed it and gave no reason',
    run: anEndedRun({ reconciliation: { at: NOW - MINUTE, reason: '', from: '' } }),
    says: [
      'Closed after going stale',
      'Closed 1 min ago after going stale',
      'The system closed it after it went stale.',
      'Find out why it went stale before it is run again.',
    ],
  },
];

/** Every state by every clock, outcome, hold and flag. */
export const SITUATIONS: readonly Situation[] = [
  ...QUEUE,
  ...RUN,
  ...SILENCE,
  ...HOLD,
  ...HOLD_FOR_LONG,
  ...DEADLINE,
  ...FLAG,
  ...SKEW,
  ...UNKNOWN,
  ...ENDS,
];
