import * as z from 'zod';
import { baseUrlField } from '../reading/config-fields.js';

/** The config of a `kind: temporal` source. */
export const temporalConfigSchema = z.strictObject({
  url: baseUrlField.describe('The URL of the HTTP API, usually on port 7243.'),
  namespace: z.string().min(1).optional().describe('The namespace to read (default: `default`).'),
  ui: baseUrlField.optional().describe('The URL of the web UI, for links.'),
});
