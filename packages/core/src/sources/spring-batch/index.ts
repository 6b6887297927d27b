import { definePreset } from '../sql/define-preset.js';
import type { SpringBatchConfig } from './config.js';

/** Spring Batch, by its tables in PostgreSQL. */
export const springBatch = definePreset<SpringBatchConfig>({
  kind: 'spring-batch',
  title: 'Spring Batch',
  system: 'Spring Batch',
  needsConfig: 'kind: spring-batch, with url and zone',
  rights: 'select on batch_job_execution, batch_job_instance and batch_step_execution',
  capabilities: {
    heartbeat: 'of a step in chunks',
    progress: 'items',
    serverFilter: 'status',
    looksBehind: false,
    provedLive: 'Spring Batch 6.0',
  },
  preset: async () => (await import('./preset.js')).springBatchPreset,
  schema: async () => (await import('./config.js')).springBatchConfigSchema,
});
