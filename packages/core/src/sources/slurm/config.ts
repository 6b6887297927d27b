import * as z from 'zod';
import { baseUrlField } from '../reading/config-fields.js';

/** The config of a `kind: slurm` source. */
export const slurmConfigSchema = z.strictObject({
  url: baseUrlField.describe('The URL of slurmrestd.'),
  version: z
    .string()
    .regex(/^v\d+\.\d+\.\d+$/, 'must be written like v0.0.40')
    .optional()
    .describe('The API version to use (default: the newest that the server offers).'),
  user: z.string().min(1).optional().describe('The user of the token, if the token does not name it.'),
});
