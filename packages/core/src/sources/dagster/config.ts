import * as z from 'zod';
import { baseUrlField } from '../reading/config-fields.js';

/** The config of a `kind: dagster` source. */
export const dagsterConfigSchema = z.strictObject({
  url: baseUrlField.describe('The URL of the web server; for Dagster+, including the deployment.'),
});
