import * as z from 'zod';
import { baseUrlField } from '../reading/config-fields.js';

/** The config of a `kind: airflow` source. */
export const airflowConfigSchema = z.strictObject({
  url: baseUrlField.describe('The URL of the API server, without /api/v2.'),
});
