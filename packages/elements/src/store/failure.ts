import type { Instant } from '@tardy/core';
import { ShapeError } from './run-page.js';
import { HttpError } from './api-client.js';
import type { OpsFailure } from './ops-store.js';

/** What an error of a load means to the host. `retryAt` is when the load is tried again. */
export function failureOf(error: unknown, retryAt: Instant | undefined): OpsFailure {
  const status = error instanceof HttpError ? error.status : undefined;
  return {
    kind: status !== undefined ? 'http' : error instanceof ShapeError ? 'shape' : 'network',
    status,
    message: error instanceof Error ? error.message : String(error),
    retryAt,
  };
}
