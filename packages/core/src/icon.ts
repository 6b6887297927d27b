import type { LabelKey } from './messages.js';

/** The icon beside a label. Each has a distinct shape, so that states can be distinguished without colour. */
export type IconName =
  | 'queued'
  | 'running'
  | 'hold'
  | 'late'
  | 'stuck'
  | 'unknown'
  | 'reconciled'
  | 'succeeded'
  | 'partial'
  | 'blocked'
  | 'failed'
  | 'cancelled'
  | 'skipped';

/** One character for each icon, one column wide, for text surfaces; `ascii` where Unicode cannot be shown. */
export const ICON_GLYPHS: Readonly<Record<IconName, { readonly unicode: string; readonly ascii: string }>> = {
  queued: { unicode: '○', ascii: 'o' },
  running: { unicode: '●', ascii: '>' },
  hold: { unicode: '‖', ascii: '=' },
  late: { unicode: '▲', ascii: '!' },
  stuck: { unicode: '■', ascii: '#' },
  unknown: { unicode: '?', ascii: '?' },
  reconciled: { unicode: '□', ascii: 'c' },
  succeeded: { unicode: '✓', ascii: '+' },
  partial: { unicode: '◐', ascii: '~' },
  blocked: { unicode: '⊘', ascii: '/' },
  failed: { unicode: '✗', ascii: 'x' },
  cancelled: { unicode: '–', ascii: '-' },
  skipped: { unicode: '»', ascii: '.' },
};

/** The icon of each label. */
export const LABEL_ICONS: Readonly<Record<LabelKey, IconName>> = {
  queued: 'queued',
  running: 'running',
  hold: 'hold',
  late: 'late',
  queued_late: 'late',
  hold_late: 'late',
  likely_stale: 'stuck',
  unknown: 'unknown',
  reconciled: 'reconciled',
  succeeded: 'succeeded',
  partially_succeeded: 'partial',
  blocked: 'blocked',
  failed: 'failed',
  cancelled: 'cancelled',
  skipped: 'skipped',
  outcome_unknown: 'unknown',
  withheld: 'unknown',
};
