import * as z from 'zod';
import { baseUrlField } from '../reading/config-fields.js';

/** The config of a `kind: jenkins` source. */
export const jenkinsConfigSchema = z.strictObject({
  url: baseUrlField.describe('The URL of Jenkins, including its path.'),
});
