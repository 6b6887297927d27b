import { defineSource } from '../descriptor.js';

export type { BullboardConfig } from './source.js';

/** BullMQ by bull-board. */
export const bullboard = defineSource({
  kind: 'bullboard',
  title: 'BullMQ by bull-board',
  system: 'BullMQ',
  example: 'bullboard:https://host.example/admin/queues',
  tokenVariables: ['BULL_BOARD_TOKEN'],
  capabilities: {
    heartbeat: false,
    progress: 'as the job reports it',
    serverFilter: 'state',
    looksBehind: 'children, what last happened in the queue',
    provedLive: 'BullMQ 6, bull-board 9',
  },
  adapter: async () => (await import('./source.js')).bullboardAdapter,
  schema: async () => (await import('./config.js')).bullboardConfigSchema,
});
