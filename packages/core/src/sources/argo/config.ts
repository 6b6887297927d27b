import * as z from 'zod';
import { baseUrlField } from '../reading/config-fields.js';

/** The config of a `kind: argo` source. */
export const argoConfigSchema = z.strictObject({
  url: baseUrlField.describe("The URL of Argo's server, or of the API server with `api: kubernetes`."),
  namespace: z.string().min(1).optional().describe('The namespace to read (default: all).'),
  api: z.enum(['argo', 'kubernetes']).optional().describe('Which API to read (default: argo).'),
});
