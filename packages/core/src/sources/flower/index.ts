import { defineSource } from '../descriptor.js';

export type { FlowerConfig } from './source.js';

/** Celery by Flower. */
export const flower = defineSource({
  kind: 'flower',
  title: 'Celery by Flower',
  system: 'Celery',
  example: 'flower:https://host.example:5555',
  tokenVariables: ['FLOWER_TOKEN'],
  traces: { image: { name: /^mher\/flower$/, port: 5555 } },
  capabilities: {
    heartbeat: false,
    progress: false,
    serverFilter: 'state',
    looksBehind: 'workers',
    provedLive: 'Celery 5, Flower 2',
  },
  adapter: async () => (await import('./source.js')).flowerAdapter,
  schema: async () => (await import('./config.js')).flowerConfigSchema,
});
