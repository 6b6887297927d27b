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
    says: ['Queued', 'Queued for 1 min', 'Late after 5 min in the queue (rule: defaults.queue.late).', ''],
  },
  {
    when: 'it may not start yet',
    run: aQueuedRun({ queuedAt: NOW - DAY, notBefore: NOW + HOUR }),
    says: ['Queued', 'Starts in 1 h', 'Late after 5 min in the queue (rule: defaults.queue.late).', ''],
  },
  {
    when: 'it is queued too long',
    run: aQueuedRun({ queuedAt: NOW - 6 * MINUTE }),
    says: [
      'Queued too long',
      'Queued for 6 min',
      'Late after 5 min in the queue (rule: defaults.queue.late).',
      'Check whether a suitable worker is up and has capacity.',
    ],
  },
  {
    when: 'it is queued forever',
    run: aQueuedRun({ queuedAt: NOW - 26 * HOUR }),
    says: [
      'Likely stuck',
      'Queued for 1 d 2 h',
      'Likely stuck after 30 min in the queue (rule: defaults.queue.stale).',
      'Start a suitable worker, or cancel the run in its source.',
    ],
  },
];

const RUN: readonly Situation[] = [
  {
    when: 'it runs',
    run: aRun({ startedAt: NOW - 5 * MINUTE, heartbeatAt: NOW - SECOND }),
    says: ['Running', 'Running for 5 min', 'Late after 1 h of running (rule: defaults.run.late).', ''],
  },
  {
    when: 'nothing but a heartbeat is known',
    run: aRun({ heartbeatAt: NOW - SECOND }),
    says: ['Running', 'Running for 1 s', 'Late after 2 min without a heartbeat (rule: defaults.silence.late).', ''],
  },
  {
    when: 'it was started long before what it does now',
    run: aRun({ queuedAt: NOW - 14 * DAY, startedAt: NOW - 13 * DAY, phaseAt: NOW - 2 * MINUTE }),
    says: [
      'Running',
      'Running for 2 min; started 13 d ago',
      'Late after 1 h of running (rule: defaults.run.late).',
      '',
    ],
  },
  {
    when: 'it is back in the queue between two jobs',
    run: aQueuedRun({ queuedAt: NOW - 4 * HOUR, startedAt: NOW - 3 * HOUR, phaseAt: NOW - MINUTE }),
    says: [
      'Queued',
      'Queued for 1 min; started 3 h ago',
      'Late after 5 min in the queue (rule: defaults.queue.late).',
      '',
    ],
  },
  {
    when: 'it is in the queue again and has never started',
    run: aQueuedRun({ queuedAt: NOW - 4 * HOUR, phaseAt: NOW - MINUTE }),
    says: [
      'Queued',
      'Queued for 1 min; first queued 4 h ago',
      'Late after 5 min in the queue (rule: defaults.queue.late).',
      '',
    ],
  },
  {
    when: 'it runs for long and gives no heartbeat',
    run: aRun({ startedAt: NOW - 2 * HOUR }),
    says: [
      'Running late',
      'Running for 2 h',
      'Late after 1 h of running (rule: defaults.run.late). Its source reports no heartbeats, so only elapsed time counts.',
      'Check whether it still makes progress. No other action is needed yet.',
    ],
  },
  {
    when: 'it runs for very long and its heartbeat vouches',
    run: aRun({ startedAt: NOW - 9 * HOUR, heartbeatAt: NOW - 5 * SECOND }),
    says: [
      'Running late',
      'Running for 9 h, last heartbeat 5 s ago',
      'Late after 1 h of running (rule: defaults.run.late). Its heartbeat is fresh, so it does not count as stuck.',
      'Check whether it still makes progress. No other action is needed yet.',
    ],
  },
  {
    when: 'it runs for long and has fallen silent',
    run: aRun({ startedAt: NOW - 2 * HOUR, heartbeatAt: NOW - 3 * MINUTE }),
    says: [
      'Running late',
      'Running for 2 h, no heartbeat for 3 min',
      'Ran for 1 h 57 min, then no heartbeat for 3 min. Late after 1 h of running (rule: defaults.run.late).',
      'Check whether it still makes progress. No other action is needed yet.',
    ],
  },
  {
    when: 'it runs forever',
    run: aRun({ startedAt: NOW - 9 * HOUR }),
    says: [
      'Likely stuck',
      'Running for 9 h',
      'Likely stuck after 6 h of running (rule: defaults.run.stale). Its source reports no heartbeats, so only elapsed time counts.',
      'Check in its source whether it still makes progress. If not, cancel it there.',
    ],
  },
];

const SILENCE: readonly Situation[] = [
  {
    when: 'it has fallen silent',
    run: aRun({ startedAt: NOW - 20 * MINUTE, heartbeatAt: NOW - 3 * MINUTE }),
    says: [
      'Running late',
      'No heartbeat for 3 min',
      'Ran for 17 min, then no heartbeat for 3 min. Late after 2 min without a heartbeat (rule: defaults.silence.late).',
      'Check again in a minute: a live worker will send another heartbeat.',
    ],
  },
  {
    when: 'it is silent forever',
    run: aRun({ startedAt: NOW - 192 * MINUTE, heartbeatAt: NOW - 180 * MINUTE }),
    says: [
      'Likely stuck',
      'No heartbeat for 3 h',
      'Ran for 12 min, then no heartbeat for 3 h. Likely stuck after 10 min without a heartbeat (rule: defaults.silence.stale).',
      'Check whether its worker is still alive. If not, cancel the run in its source so that queued work can continue.',
    ],
  },
];

const HOLD: readonly Situation[] = (
  [
    ['approval', 'Waiting for approval for 1 h', 'Someone has to approve it.'],
    ['schedule', 'Waiting for its scheduled time for 1 h', 'It resumes by itself at its scheduled time.'],
    ['dependency', 'Waiting for another run for 1 h', 'It resumes when the run before it has ended.'],
    ['limit', 'Waiting for a concurrency limit for 1 h', 'It starts when a slot becomes free.'],
    ['retry', 'Waiting for its next attempt for 1 h', 'Its next attempt starts by itself.'],
    ['paused', 'Paused for 1 h', 'Someone has to resume it.'],
    ['event', 'Waiting for an event for 1 h', 'It resumes when the event arrives.'],
  ] as const
).map(([hold, headline, guidance]) => ({
  when: `it is held: ${hold}`,
  run: aRun({ hold, holdSince: NOW - HOUR }),
  says: ['On hold', headline, 'Late after 1 d on hold (rule: defaults.hold.late).', guidance],
}));

const HOLD_FOR_LONG: readonly Situation[] = [
  {
    when: 'a held run resumes at a time in the future',
    run: aRun({ hold: 'schedule', holdSince: NOW - HOUR, notBefore: NOW + HOUR }),
    says: [
      'On hold',
      'Resumes in 1 h',
      'Its hold ends by itself, so it is not late before then.',
      'It resumes by itself at its scheduled time.',
    ],
  },
  {
    when: 'a held run starts at a time in the future',
    run: aQueuedRun({ hold: 'schedule', notBefore: NOW + HOUR }),
    says: [
      'On hold',
      'Starts in 1 h',
      'Its hold ends by itself, so it is not late before then.',
      'It resumes by itself at its scheduled time.',
    ],
  },
  {
    when: 'its next attempt lies ahead',
    run: aRun({ hold: 'retry', startedAt: NOW - HOUR, waitsFor: { kind: 'attempt', until: NOW + 5 * MINUTE } }),
    says: [
      'On hold',
      'Retries in 5 min',
      'Its hold ends by itself, so it is not late before then.',
      'Its next attempt starts by itself.',
    ],
  },
  {
    when: 'what it waits for has a name',
    run: aQueuedRun({
      hold: 'limit',
      holdSince: NOW - HOUR,
      waitsFor: { kind: 'group', id: 'g1', name: 'deploy #12' },
    }),
    says: [
      'On hold',
      'Waiting for a concurrency limit for 1 h, behind deploy #12',
      'Late after 1 d on hold (rule: defaults.hold.late).',
      'It starts when a slot becomes free.',
    ],
  },
  {
    when: 'only the id of what it waits for is known',
    run: aRun({ hold: 'dependency', holdSince: NOW - HOUR, waitsFor: { kind: 'run', id: '4711' } }),
    says: [
      'On hold',
      'Waiting for another run for 1 h: 4711',
      'Late after 1 d on hold (rule: defaults.hold.late).',
      'It resumes when the run before it has ended.',
    ],
  },
  {
    when: 'its hold has ended by itself',
    run: aRun({ hold: 'retry', startedAt: NOW - 2 * HOUR, waitsFor: { kind: 'attempt', until: NOW - 2 * MINUTE } }),
    says: ['Running', 'Running for 2 min; started 2 h ago', 'Late after 1 h of running (rule: defaults.run.late).', ''],
  },
  {
    when: 'a hold has no end',
    run: aRun({ hold: 'approval', holdSince: NOW - 9 * DAY }),
    policy: policyWith({ hold: { late: 'never' } }),
    says: [
      'On hold',
      'Waiting for approval for 9 d',
      'No limit applies to its time on hold (rule: defaults.hold.late).',
      'Someone has to approve it.',
    ],
  },
  {
    when: 'it is held too long',
    run: aRun({ hold: 'approval', holdSince: NOW - 25 * HOUR }),
    says: [
      'On hold too long',
      'Waiting for approval for 1 d 1 h',
      'Late after 1 d on hold (rule: defaults.hold.late).',
      'Check whether what it waits for will still happen.',
    ],
  },
  {
    when: 'it is held forever',
    run: aRun({ hold: 'paused', holdSince: NOW - 4 * DAY }),
    policy: HOLDS_GET_STUCK,
    says: [
      'Likely stuck',
      'Paused for 4 d',
      'Likely stuck after 3 d on hold (rule: defaults.hold.stale).',
      'Resolve what it waits for, or cancel it in its source.',
    ],
  },
];

const DEADLINE: readonly Situation[] = [
  {
    when: 'only its deadline is known',
    run: aRun({ deadlineAt: NOW + HOUR }),
    says: ['Running', 'Due in 1 h', 'Late once its deadline has passed.', ''],
  },
  {
    when: 'its deadline has passed',
    run: aRun({ startedAt: NOW - HOUR / 2, deadlineAt: NOW - MINUTE }),
    says: [
      'Running late',
      'Past its deadline by 1 min',
      'Its deadline has passed.',
      'Notify whoever is waiting for it, and check what it is doing.',
    ],
  },
  {
    when: 'its deadline is long past',
    run: aRun({ startedAt: NOW - HOUR / 2, deadlineAt: NOW - HOUR / 4 }),
    says: [
      'Likely stuck',
      'Past its deadline by 15 min',
      'Likely stuck after 10 min past its deadline (rule: defaults.deadline.grace).',
      'It is far past its deadline. Check what it is doing, or cancel it in its source.',
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
      'GitHub says: Its worker is gone: "No worker on queue gpu". Late at once (rule: defaults.flag.worker_lost.late).',
      'Start a worker. If none picks the run up, cancel it in its source.',
    ],
  },
  {
    when: 'its worker does not respond',
    run: aRun({ ...FLAGGED, flag: { kind: 'unresponsive' } }),
    policy: policyWith({ flag: 'stale' }),
    says: [
      'Likely stuck',
      'Its worker does not respond',
      'GitHub says: Its worker does not respond. Likely stuck at once (rule: defaults.flag).',
      'Check the machine that it runs on.',
    ],
  },
  {
    when: 'its source reports it as stuck',
    run: aRun({ ...FLAGGED, flag: { kind: 'stuck', text: ' ' } }),
    says: [
      'Running late',
      'It makes no progress',
      'GitHub says: It makes no progress. Late at once (rule: defaults.flag.stuck.late).',
      'Open it in its source and check why it makes no progress.',
    ],
  },
  {
    when: 'its source reports it as late',
    run: aQueuedRun({ queuedAt: NOW - MINUTE, flag: { kind: 'late' } }),
    says: [
      'Queued too long',
      'It is late',
      'GitHub says: It is late. Late at once (rule: defaults.flag.late.late).',
      'Check whether a suitable worker is up and has capacity.',
    ],
  },
  {
    when: 'a clock says more than the flag',
    run: aRun({
      startedAt: NOW - HOUR,
      heartbeatAt: NOW - HOUR / 2,
      flag: { kind: 'worker_lost', by: 'tardy', since: NOW - MINUTE },
    }),
    says: [
      'Likely stuck',
      'No heartbeat for 30 min',
      'Tardy found: Its worker is gone. Ran for 30 min, then no heartbeat for 30 min. Likely stuck after 10 min without a heartbeat (rule: defaults.silence.stale).',
      'Start a worker. If none picks the run up, cancel it in its source.',
    ],
  },
  {
    when: 'what it waits for is gone',
    run: aQueuedRun({
      hold: 'limit',
      holdSince: NOW - HOUR,
      flag: { kind: 'orphaned', by: 'tardy', text: 'run 12 was deleted' },
    }),
    policy: policyWith({ flag: { orphaned: { late: '1m', stale: '2m' } } }),
    says: [
      'Likely stuck',
      'What it waits for can no longer happen',
      'Tardy found: What it waits for can no longer happen: "run 12 was deleted". Likely stuck after 2 min with this evidence against it (rule: defaults.flag.orphaned.stale).',
      'Cancel it in its source: nothing will release it.',
    ],
  },
  {
    when: 'it can never start',
    run: aQueuedRun({ queuedAt: NOW - MINUTE, flag: { kind: 'cannot_start', text: 'BadConstraints' } }),
    says: [
      'Queued too long',
      'It can never start',
      'GitHub says: It can never start: "BadConstraints". Late at once (rule: defaults.flag.cannot_start.late).',
      'Fix what prevents it from starting, or cancel it in its source.',
    ],
  },
  {
    when: 'the policy ignores its flag',
    run: aRun({ startedAt: NOW - 2 * HOUR, flag: { kind: 'late' } }),
    policy: policyWith({ flag: 'ignore' }),
    says: [
      'Running late',
      'Running for 2 h',
      'GitHub says: It is late. Late after 1 h of running (rule: defaults.run.late). Its source reports no heartbeats, so only elapsed time counts.',
      'Check whether it still makes progress. No other action is needed yet.',
    ],
  },
];

const SKEW: readonly Situation[] = [
  {
    when: 'its start is in the future, but it has a heartbeat',
    run: aRun({ startedAt: NOW + HOUR, heartbeatAt: NOW }),
    says: [
      'Running',
      'Running',
      'Late after 2 min without a heartbeat (rule: defaults.silence.late). Its start time is too far in the future to be used. Check the clocks.',
      'Correct the clocks of the source and its workers.',
    ],
  },
  {
    when: 'its heartbeat lies in the future',
    run: aRun({ startedAt: NOW - 9 * HOUR, heartbeatAt: NOW + HOUR }),
    says: [
      'Likely stuck',
      'Running for 9 h',
      'Likely stuck after 6 h of running (rule: defaults.run.stale). Its last heartbeat is too far in the future to be used. Check the clocks.',
      'Check in its source whether it still makes progress. If not, cancel it there. Correct the clocks of the source and its workers.',
    ],
  },
  {
    when: 'both lie in the future and the deadline has passed',
    run: aRun({ startedAt: NOW + HOUR, heartbeatAt: NOW + HOUR, deadlineAt: NOW - SECOND }),
    says: [
      'Running late',
      'Past its deadline by 1 s',
      'Its deadline has passed. Its start time and last heartbeat are too far in the future to be used. Check the clocks.',
      'Notify whoever is waiting for it, and check what it is doing. Correct the clocks of the source and its workers.',
    ],
  },
];

const UNKNOWN: readonly Situation[] = [
  {
    when: 'it has no time',
    run: aRun(),
    says: [
      "Can't tell",
      'No start time reported',
      'It is active, but its source reports neither when it was queued nor when it started.',
      'Open it in its source, and make the source report a start time.',
    ],
  },
  {
    when: 'its only time lies in the future',
    run: aRun({ startedAt: NOW + HOUR }),
    says: [
      "Can't tell",
      'Its times are in the future',
      'It is active, but its times are too far in the future to be used.',
      'Correct the clocks of the source and its workers.',
    ],
  },
  {
    when: 'its status is not known',
    run: aRun({ outcome: 'unknown', native: { status: 'zombie' }, startedAt: NOW }),
    says: [
      "Can't tell",
      'Its source reports an unknown status',
      'Its source reports the status "zombie", which Tardy does not know, so it may or may not be active.',
      'Open it in its source. The status may be newer than this version of Tardy.',
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
    when: 'its outcome is unknown',
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
      'Find out why it went stale before you run it again.',
    ],
  },
  {
    when: 'the system closed it and gave no reason',
    run: anEndedRun({ reconciliation: { at: NOW - MINUTE, reason: '', from: '' } }),
    says: [
      'Closed after going stale',
      'Closed 1 min ago after going stale',
      'The system closed it after it went stale.',
      'Find out why it went stale before you run it again.',
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
