import type { DurationMs } from '../duration.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Up to which length durations are rounded to which step. */
const STEPS: readonly { readonly upTo: DurationMs; readonly step: DurationMs }[] = [
  { upTo: 2 * MINUTE, step: 5 * SECOND },
  { upTo: 10 * MINUTE, step: 30 * SECOND },
  { upTo: HOUR, step: MINUTE },
  { upTo: 3 * HOUR, step: 5 * MINUTE },
  { upTo: 12 * HOUR, step: 15 * MINUTE },
  { upTo: 2 * DAY, step: HOUR },
  { upTo: 14 * DAY, step: 6 * HOUR },
];

/** The duration rounded up to one that people write: 14m42s to 15m, 1h31m20s to 1h35m. Never shorter, at most 9 % longer. */
export function readableDuration(ms: DurationMs): DurationMs {
  const step = STEPS.find(({ upTo }) => ms <= upTo)?.step ?? DAY;
  return Math.ceil(ms / step) * step;
}
