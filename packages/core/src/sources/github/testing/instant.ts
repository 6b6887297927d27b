import { parseInstant } from '../../../instant.js';
import type { Instant } from '../../../run.js';

/** An instant that a test is sure of. */
export function instant(text: string): Instant {
  const at = parseInstant(text);
  if (at === undefined) throw new Error(`Not an instant: ${text}`);
  return at;
}
