import * as z from 'zod';
import { databaseUrlField } from './config.js';

/** The fields that the config of every preset has. */
export const presetFields = {
  url: databaseUrlField.describe('The URL of the database.'),
  schema: z.string().min(1).optional().describe('The schema of its tables.'),
  tenant: z
    .string()
    .min(1)
    .refine((text) => !text.includes(';'), 'it must be one expression: it contains a semicolon')
    .optional()
    .describe('An SQL expression over its tables that gives the tenant of a run.'),
};

/** The config of a preset without options of its own. */
export const presetConfigSchema = z.strictObject(presetFields);
