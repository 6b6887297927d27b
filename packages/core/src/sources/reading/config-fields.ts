import * as z from 'zod';
import { parseDuration } from '../../duration.js';
import { baseUrlProblem } from './base-url.js';

/** A base URL in a config. */
export const baseUrlField = z.string().refine((text) => baseUrlProblem(text) === undefined, {
  error: (issue) => baseUrlProblem(String(issue.input)) ?? 'Not a valid URL.',
});

/** A duration in a config, kept as written. */
export const durationField = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, 'must be a duration such as 90d or 36h');

/** The config of a source that needs nothing but its base URL. */
export const urlConfigSchema = z.strictObject({ url: baseUrlField.describe('The base URL of the system.') });
