import type { Progress } from '@tardy/core';
import type { Claim, Ending } from './run-desk.js';

/** A message from a worker to the server. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly id: string; readonly progress: Progress }
  | { readonly kind: 'finished'; readonly id: string; readonly ending: Ending };

/** The reply to `ready`: work, or none for now. */
export type ToWorker = { readonly claim?: Claim | undefined };
