import * as z from 'zod';
import { baseUrlField } from '../reading/config-fields.js';

/** The config of a `kind: runs` source. */
export const runsConfigSchema = z.strictObject({
  url: baseUrlField.describe('The URL that `/runs` and `/policy` are below.'),
});
