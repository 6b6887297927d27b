import { either, list, object, record, some, text, textOrNumber, type Shape } from '../reading/shape.js';
import type { ResponseShapes } from '../reading/strict-source.js';

const FIELDS = {
  id: textOrNumber,
  status: text,
  mode: text,
  workflowId: text,
  waitTill: text,
  stoppedAt: text,
};

/** An execution. */
export const N8N_EXECUTION_SHAPE: Shape = some(FIELDS);

const DATA = object({
  resultData: object({
    lastNodeExecuted: text,
    runData: record(list(object({ metadata: object({ subExecution: object({ executionId: text }) }) }))),
  }),
});

/** What n8n's public API sends. */
export const N8N_SHAPES: ResponseShapes = {
  everywhere: [[/\/workflows\/[^/?]+\?/, some({ name: text })]],
  inside: [
    [/\/executions\/[^/?]+\?includeData=true$/, some({ ...FIELDS, data: either('an object or a text', text, DATA) })],
    [/\/executions\/[^/?]+$/, some({ ...FIELDS, status: text })],
  ],
};
