import type { Freshness } from './classify.js';
import { isHeld } from './clocks.js';
import type { LabelKey } from './messages.js';
import type { Instant, Run } from './run.js';

/** The tone of a state; a surface maps it to its colours, never to words. */
export type Tone = 'calm' | 'success' | 'warning' | 'danger' | 'neutral';

/** The label of a run in its state. */
export function labelKey(run: Run, { state }: Freshness, now: Instant): LabelKey {
  switch (state) {
    case 'fresh':
      return isHeld(run, now) ? 'hold' : run.status === 'queued' ? 'queued' : 'running';
    case 'late':
      return isHeld(run, now) ? 'hold_late' : run.status === 'queued' ? 'queued_late' : 'late';
    case 'likely_stale':
    case 'unknown':
    case 'reconciled':
      return state;
    case 'terminal':
      return run.outcome === 'unknown' || run.outcome === 'pending' ? 'outcome_unknown' : run.outcome;
  }
}

const TONES: Readonly<Record<LabelKey, Tone>> = {
  queued: 'calm',
  running: 'calm',
  hold: 'calm',
  late: 'warning',
  queued_late: 'warning',
  hold_late: 'warning',
  likely_stale: 'danger',
  unknown: 'neutral',
  reconciled: 'danger',
  succeeded: 'success',
  partially_succeeded: 'warning',
  blocked: 'warning',
  failed: 'danger',
  cancelled: 'neutral',
  skipped: 'neutral',
  outcome_unknown: 'neutral',
  withheld: 'neutral',
};

/** The tone of a label. */
export function toneOf(key: LabelKey): Tone {
  return TONES[key];
}
