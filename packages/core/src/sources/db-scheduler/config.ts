import * as z from 'zod';
import { presetFields } from '../sql/preset-config.js';

/** The table of db-scheduler. */
export const dbSchedulerConfigSchema = z.strictObject({
  ...presetFields,
  heartbeat_interval: z
    .number()
    .positive()
    .optional()
    .describe('`heartbeatInterval` of the schedulers, in seconds: 300 by default, as theirs.'),
});

export type DbSchedulerConfig = z.infer<typeof dbSchedulerConfigSchema>;
