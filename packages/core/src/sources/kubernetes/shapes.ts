import {
  boolean,
  count,
  list,
  number,
  object,
  oneOf,
  record,
  required,
  rows,
  some,
  text,
  type Shape,
} from '../reading/shape.js';
import { CONDITIONS, EVENT_SHAPES, listOfKind, OWNERS, POD_SHAPES } from '../reading/cluster/shapes.js';
import type { ResponseShapes } from '../reading/strict-source.js';

/** A Job. */
export const JOB_SHAPE: Shape = some({
  metadata: required(
    some({
      name: text,
      namespace: text,
      generateName: text,
      creationTimestamp: text,
      deletionTimestamp: text,
      finalizers: list(text),
      labels: record(text),
      annotations: record(text),
      ownerReferences: OWNERS,
    }),
  ),
  spec: object({ suspend: boolean, activeDeadlineSeconds: number, completions: number, managedBy: text }),
  status: required(
    object({
      conditions: CONDITIONS,
      startTime: text,
      completionTime: text,
      active: count,
      ready: count,
      succeeded: count,
      failed: count,
      terminating: count,
      uncountedTerminatedPods: object({ succeeded: list(text), failed: list(text) }),
    }),
  ),
});

const WORKLOAD = some({
  metadata: required(some({ name: text, ownerReferences: OWNERS })),
  spec: required(object({ active: boolean, queueName: text })),
  status: object({ conditions: CONDITIONS }),
});

/** What the API server sends. */
export const KUBERNETES_SHAPES: ResponseShapes = {
  everywhere: [
    [/\/jobs\/[^/?]+$/, object({ kind: oneOf('Job') })],
    [/\/jobs(?:\?|$)/, listOfKind('Job', rows)],
  ],
  inside: [
    ...POD_SHAPES,
    [/\/jobs\/[^/?]+$/, JOB_SHAPE],
    ...EVENT_SHAPES,
    [/\/workloads(?:\?|$)/, listOfKind('Workload', list(WORKLOAD))],
  ],
};
