import * as z from 'zod';
import { baseUrlField } from '../reading/config-fields.js';

/** The config of a `kind: mlflow` source. */
export const mlflowConfigSchema = z.strictObject({
  url: baseUrlField.describe('The URL of the tracking server.'),
});
