import * as z from 'zod';
import { baseUrlField } from '../reading/config-fields.js';

/** The config of a `kind: metaflow` source. */
export const metaflowConfigSchema = z.strictObject({
  url: baseUrlField.describe("The URL of the backend of Metaflow's UI, which often ends in /api."),
});
