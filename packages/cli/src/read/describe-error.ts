import { SourceError } from '@tardy/core/sources';

/** An error as a report gives it. Anything but a `SourceError` is a bug of ours, and must not end the check of other sources. */
export function describeError(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof SourceError) return { code: error.code, message: error.message };
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: 'internal', message: `Tardy failed on what this source sent. Please report it: ${what}` };
}
