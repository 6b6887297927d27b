import * as z from 'zod';
import { baseUrlField } from '../reading/config-fields.js';

/** The config of a `kind: bullboard` source. */
export const bullboardConfigSchema = z.strictObject({
  url: baseUrlField.describe('The URL that the board is mounted at.'),
  queues: z.array(z.string().min(1)).min(1).optional().describe('The queues to read (default: all).'),
  tenant: z.string().min(1).optional().describe("The field of a job's data that names its tenant."),
});
