import { defineSource } from '../descriptor.js';

export type { N8nConfig } from './source.js';

/** n8n. */
export const n8n = defineSource({
  kind: 'n8n',
  title: 'n8n',
  system: 'n8n',
  example: 'n8n:https://host.example',
  tokenVariables: ['N8N_API_KEY'],
  rights: 'the scopes execution:list and execution:read',
  traces: { image: { name: /^n8nio\/n8n$/, port: 5678 } },
  capabilities: {
    heartbeat: false,
    progress: false,
    serverFilter: 'status',
    looksBehind: false,
    provedLive: 'n8n 1',
  },
  adapter: async () => (await import('./source.js')).n8nAdapter,
  schema: async () => (await import('./config.js')).n8nConfigSchema,
});
