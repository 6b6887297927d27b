import * as z from 'zod';
import { baseUrlField } from '../reading/config-fields.js';

/** The config of a `kind: flower` source. */
export const flowerConfigSchema = z.strictObject({
  url: baseUrlField.describe('The URL of Flower.'),
  states: z.array(z.string().min(1)).optional().describe('Custom states that mean a task is running.'),
});
