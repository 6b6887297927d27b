import type { SeenRun } from './tally.js';

/**
 * What became of a run that a complete list no longer has. `ended`: its source gave it as ended; `replaced`: the source has a later attempt of
 * it; `gone`: how it ended could not be read.
 */
export type Followed =
  | { readonly kind: 'ended'; readonly seen: SeenRun }
  | { readonly kind: 'replaced'; readonly attempt: number }
  | { readonly kind: 'gone' };
