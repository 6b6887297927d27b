import { defineSource, tiedTo } from '../descriptor.js';
import { credentialsIn, endpointOf, regionIn } from './endpoint.js';

export type { StepFunctionsConfig } from './source.js';

const TOKEN_VARIABLES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

/** AWS Step Functions. */
export const stepfunctions = defineSource({
  kind: 'stepfunctions',
  title: 'AWS Step Functions',
  system: 'Step Functions',
  example: 'stepfunctions:eu-central-1',
  moreExamples: ['stepfunctions:'],
  tokenVariables: TOKEN_VARIABLES,
  tokenOf: credentialsIn,
  rights:
    'states:ListStateMachines, ListExecutions, DescribeExecution, DescribeStateMachineForExecution and GetExecutionHistory',
  secretUrls: (environment) => {
    const region = regionIn(environment);
    return tiedTo(region === undefined ? undefined : endpointOf(region), TOKEN_VARIABLES);
  },
  capabilities: {
    heartbeat: false,
    progress: false,
    serverFilter: 'status',
    looksBehind: 'history, definition',
    provedLive: false,
  },
  adapter: async () => (await import('./source.js')).stepFunctionsAdapter,
  schema: async () => (await import('./config.js')).stepFunctionsConfigSchema,
});
