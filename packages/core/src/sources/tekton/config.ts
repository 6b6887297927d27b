import * as z from 'zod';
import { baseUrlField } from '../reading/config-fields.js';

/** The config of a `kind: tekton` source. */
export const tektonConfigSchema = z.strictObject({
  url: baseUrlField.describe('The URL of the API server.'),
  namespace: z.string().min(1).optional().describe('The namespace to read (default: all).'),
});
