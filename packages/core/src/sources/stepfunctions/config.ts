import * as z from 'zod';
import { baseUrlField } from '../reading/config-fields.js';
import { AWS_REGION } from './endpoint.js';

/** The config of a `kind: stepfunctions` source. */
export const stepFunctionsConfigSchema = z.strictObject({
  region: z.string().regex(AWS_REGION, 'must be a region of AWS, such as eu-central-1').describe('The region to read.'),
  url: baseUrlField.optional().describe('Another endpoint than the public one of the region, such as one of a VPC.'),
  state_machines: z
    .array(
      z.string().regex(/^arn:[\w-]+:states:[\w-]+:\d{12}:stateMachine:[^:]+$/, 'must be the ARN of a state machine'),
    )
    .min(1)
    .optional()
    .describe('Only these state machines, by their ARN (default: all of the account in the region).'),
});
