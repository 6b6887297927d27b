import * as z from 'zod';
import { baseUrlField } from '../reading/config-fields.js';

/** The config of a `kind: ray` source. */
export const rayConfigSchema = z.strictObject({
  url: baseUrlField.describe('The URL of the dashboard of the cluster.'),
});
