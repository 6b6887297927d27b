import * as z from 'zod';
import { ALERT_LEVELS } from '../alerts/alert.js';
import { filledText, instant, text } from './wire-values.js';

const levelSchema = z.enum(ALERT_LEVELS);

const acknowledgedSchema = z.object({ by: z.string(), reason: z.string(), until: instant });

const owner = z.object({ id: z.string(), name: z.string().optional() });

/** The facts of a run that an alert keeps. */
export const alertRunSchema = z.object({
  source: z.string(),
  id: filledText,
  attempt: z.int().min(1),
  type: z.string(),
  title: text,
  workspace: owner.optional(),
  tenant: owner.optional(),
  url: z.string().optional(),
});

/** One alert of a state. */
export const alertSchema = z.object({
  key: z.string().min(1).meta({ description: 'Identifies the run: its source as configured, source, id and attempt.' }),
  about: z
    .literal('source')
    .optional()
    .meta({ description: 'Present if it is about a source that could not be read completely; `run` stands for it.' }),
  source_name: z.string().meta({ description: 'The source that it was read from, as configured.' }),
  run: alertRunSchema,
  level: levelSchema,
  label: z.string(),
  headline: z.string().meta({ description: 'What is wrong, as last presented.' }),
  since: instant.meta({ description: 'When a check first found it alarming, this time.' }),
  seen_at: instant.meta({ description: 'When a check last found it alarming.' }),
  ended: z
    .object({ at: instant, how: z.enum(['recovered', 'vanished']), text: z.string() })
    .optional()
    .meta({ description: 'Absent while it is alarming.' }),
  acknowledged: acknowledgedSchema.optional(),
  renewed_at: instant.optional().meta({ description: 'When its acknowledgement ended while it was still alarming.' }),
  starts: z.array(instant).meta({ description: 'When it began to alarm, in the last hours. Three make it flapping.' }),
  deliveries: z
    .record(z.string(), z.object({ at: instant, level: levelSchema, thread: z.string() }))
    .meta({ description: 'What each target was last sent and has confirmed.' }),
});

/** What a check remembers for the next one. Unknown fields are ignored, since fields may be added within a version. */
export const stateSchema = z
  .object({ schema: z.literal('tardy.state/1'), saved_at: instant, alerts: z.array(alertSchema) })
  .meta({ description: 'Which runs were alarming, and who was sent what about them, version 1.' });
