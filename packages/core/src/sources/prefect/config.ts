import * as z from 'zod';
import { baseUrlField } from '../reading/config-fields.js';

/** The config of a `kind: prefect` source. */
export const prefectConfigSchema = z.strictObject({
  url: baseUrlField.describe("The URL of the API. A server's ends in /api; Prefect Cloud's names the workspace."),
});
