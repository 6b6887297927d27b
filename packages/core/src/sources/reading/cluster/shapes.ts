import { anything, count, list, number, object, oneOf, record, required, some, text, type Shape } from '../shape.js';
import type { ResponseShapes } from '../strict-source.js';

/** The conditions of an object. */
export const CONDITIONS = list(
  some({ type: text, status: text, reason: text, message: text, lastTransitionTime: text }),
);

/** What an object belongs to. */
export const OWNERS = list(some({ kind: text, name: text }));

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

/** A list of a kind of objects; the server that sends it names the kind. */
export function listOfKind(kind: string, items: Shape): Shape {
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

const EVENT = some({
  reason: text,
  message: text,
  firstTimestamp: text,
  eventTime: text,
  involvedObject: required(some({ name: text })),
});

/** The events of an object. */
export const EVENT_SHAPES: NonNullable<ResponseShapes['inside']> = [
  [/\/events(?:\?|$)/, listOfKind('Event', list(EVENT))],
];
