import * as z from 'zod';
import { zoneField } from '../sql/config.js';
import { presetFields } from '../sql/preset-config.js';

/** The tables of Spring Batch, which keep the local time of the JVM. */
export const springBatchConfigSchema = z.strictObject({
  ...presetFields,
  zone: zoneField.describe('The time zone of the JVM that runs the jobs: its times are kept without one.'),
});

export type SpringBatchConfig = z.infer<typeof springBatchConfigSchema>;
