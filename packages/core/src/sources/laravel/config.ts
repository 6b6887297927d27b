import * as z from 'zod';
import type { PresetConfig } from '../sql/preset.js';
import { presetFields } from '../sql/preset-config.js';

/** The config of a queue of Laravel. */
export type LaravelConfig = PresetConfig & { readonly retry_after?: number | undefined };

/** What a user writes after `kind: laravel`. */
export const laravelConfigSchema = z.strictObject({
  ...presetFields,
  retry_after: z
    .int()
    .positive()
    .optional()
    .describe('`retry_after` of the connection in config/queue.php, in seconds; 90 by default.'),
});
