import {
  anything,
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
import type { ResponseShapes } from '../reading/strict-source.js';

/** The conditions of an object. */
const CONDITIONS = list(some({ type: text, status: text, reason: text, message: text, lastTransitionTime: text }));

const OWNERS = list(some({ kind: text, name: text }));

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

const STATE = object({
  waiting: object({ reason: text, message: text }),
  running: object({}),
  terminated: object({ exitCode: number, finishedAt: text }),
});

const CONTAINERS = list(some({ name: text, restartCount: count, state: STATE, lastState: STATE }));

const POD = some({
  metadata: required(some({ name: text, creationTimestamp: text, deletionTimestamp: text, annotations: record(text) })),
  spec: object({
    nodeName: text,
    restartPolicy: text,
    containers: list(some({ name: text })),
    schedulingGates: list(some({ name: text })),
  }),
  status: required(
    some({
      phase: text,
      conditions: CONDITIONS,
      initContainerStatuses: CONTAINERS,
      containerStatuses: CONTAINERS,
    }),
  ),
});

const EVENT = some({
  reason: text,
  message: text,
  firstTimestamp: text,
  eventTime: text,
  involvedObject: required(some({ name: text })),
});

const WORKLOAD = some({
  metadata: required(some({ name: text, ownerReferences: OWNERS })),
  spec: required(object({ active: boolean, queueName: text })),
  status: object({ conditions: CONDITIONS }),
});

/** A list of a kind of objects; the server that sends it names the kind. */
function listOfKind(kind: string, items: Shape): Shape {
  return some({ kind: oneOf(`${kind}List`, 'List'), metadata: anything, items });
}

/** The pods that a label selects, and the node that one of them is on. */
export const POD_SHAPES: NonNullable<ResponseShapes['inside']> = [
  [/\/api\/v1\/namespaces\/[^/?]+\/pods(?:\?|$)/, listOfKind('Pod', list(POD))],
  [
    /\/api\/v1\/nodes\/[^/?]+$/,
    some({ kind: oneOf('Node'), status: required(some({ conditions: required(CONDITIONS) })) }),
  ],
];

/** What the API server sends. */
export const KUBERNETES_SHAPES: ResponseShapes = {
  everywhere: [
    [/\/jobs\/[^/?]+$/, object({ kind: oneOf('Job') })],
    [/\/jobs(?:\?|$)/, listOfKind('Job', rows)],
  ],
  inside: [
    ...POD_SHAPES,
    [/\/jobs\/[^/?]+$/, JOB_SHAPE],
    [/\/events(?:\?|$)/, listOfKind('Event', list(EVENT))],
    [/\/workloads(?:\?|$)/, listOfKind('Workload', list(WORKLOAD))],
  ],
};
