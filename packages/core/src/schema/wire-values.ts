import * as z from 'zod';
import { parseInstant } from '../instant.js';
import { RUN_LIMITS } from '../wire-fields.js';

/** Text as one field of a run may hold it, empty included. */
export const text = z
  .string()
  .max(RUN_LIMITS.text)
  // zod and JSON Schema count characters, `parseRun` counts UTF-16 units: two for an emoji.
  .refine((value) => value.length <= RUN_LIMITS.text, { error: `is longer than ${RUN_LIMITS.text} characters` });

/** Text for people, which is cut rather than refused. */
export const words = z.string().meta({ description: `Cut at ${RUN_LIMITS.text} characters.` });

/** Text that must say something, such as an id. */
export const filledText = text.min(1);

/** An RFC 3339 time with an offset. A time without one is an error of its source, never guessed. */
export const instant = z
  .string()
  .refine((value) => parseInstant(value) !== undefined, {
    error: 'must be an RFC 3339 time with an offset, such as 2026-11-23T09:00:00Z',
  })
  .meta({ format: 'date-time', description: 'RFC 3339 with an offset.' });

/** An amount of at least 0. Not always an integer: progress may be counted in hours or gigabytes. */
export const amount = z.number().min(0);

/** How many there are. */
export const count = z.int().min(0);
