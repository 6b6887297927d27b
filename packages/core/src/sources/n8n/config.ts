import * as z from 'zod';
import { baseUrlField } from '../reading/config-fields.js';

/** The config of a `kind: n8n` source. */
export const n8nConfigSchema = z.strictObject({
  url: baseUrlField.describe('The URL of n8n.'),
});
