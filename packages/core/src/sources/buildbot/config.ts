import * as z from 'zod';
import { baseUrlField } from '../reading/config-fields.js';

/** The config of a `kind: buildbot` source. */
export const buildbotConfigSchema = z.strictObject({
  url: baseUrlField.describe("The URL of Buildbot's web pages."),
});
