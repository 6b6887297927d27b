import * as z from 'zod';
import { ACKNOWLEDGEMENT_FIELDS } from '../alerts/acknowledgements.js';
import { instant } from './wire-values.js';

const FIELD = new RegExp(`^(?:${ACKNOWLEDGEMENT_FIELDS.join('|')}|labels\\.[^]+)$`);

const filled = z.string().trim().min(1, 'must not be empty');

/** One entry of a file of acknowledgements. Strict, since a typo would silence more or fewer runs than meant. */
export const acknowledgementSchema = z.strictObject({
  match: z
    .record(z.string().regex(FIELD), z.union([filled, z.array(filled).min(1)]))
    .refine((match) => Object.keys(match).length > 0, 'names no field, so it would accept every run')
    .meta({
      description: `Which runs: globs of ${ACKNOWLEDGEMENT_FIELDS.join(', ')} or labels.<name>; all must match, a list means any of.`,
    }),
  reason: filled.meta({ description: 'Why they are accepted.' }),
  by: filled.meta({ description: 'Who accepts them.' }),
  until: instant.meta({ description: 'When they alarm again, RFC 3339 with an offset.' }),
});

/** A file of acknowledgements. */
export const acknowledgementsSchema = z
  .strictObject({
    version: z.literal(1).optional(),
    acknowledgements: z.array(acknowledgementSchema),
  })
  .meta({ description: 'Runs that are late or likely stuck and accepted for a time, version 1.' });
