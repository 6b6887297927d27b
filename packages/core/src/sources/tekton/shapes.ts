import { list, object, oneOf, record, required, rows, some, text, type Shape } from '../reading/shape.js';
import { CONDITIONS, EVENT_SHAPES, listOfKind, POD_SHAPES } from '../reading/cluster/shapes.js';
import type { ResponseShapes } from '../reading/strict-source.js';

const METADATA = required(
  some({ name: text, namespace: text, generateName: text, creationTimestamp: text, labels: record(text) }),
);

/** A PipelineRun or a TaskRun. */
export const TEKTON_RUN_SHAPE: Shape = some({
  metadata: METADATA,
  spec: object({ status: text, timeout: text, timeouts: object({ pipeline: text }) }),
  status: object({
    conditions: CONDITIONS,
    startTime: text,
    completionTime: text,
    podName: text,
    retriesStatus: list(object({})),
  }),
});

/** A CustomRun. */
const CUSTOM_RUN_SHAPE: Shape = some({
  metadata: METADATA,
  spec: required(object({ customRef: object({ kind: text }), customSpec: object({ kind: text }) })),
  status: object({ conditions: CONDITIONS }),
});

/** What the API server sends. */
export const TEKTON_SHAPES: ResponseShapes = {
  everywhere: [
    [/\/pipelineruns\/[^/?]+$/, object({ kind: oneOf('PipelineRun') })],
    [/\/taskruns\/[^/?]+$/, object({ kind: oneOf('TaskRun') })],
    [/\/pipelineruns(?:\?|$)/, listOfKind('PipelineRun', rows)],
    [/\/taskruns(?:\?|$)/, listOfKind('TaskRun', rows)],
  ],
  inside: [...POD_SHAPES, ...EVENT_SHAPES, [/\/customruns(?:\?|$)/, listOfKind('CustomRun', list(CUSTOM_RUN_SHAPE))]],
};
