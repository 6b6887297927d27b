import { boolean, list, number, object, record, required, some, text, type Shape } from '../reading/shape.js';

/** The kinds of locks, each with the name of the field of an entry that names the lock. */
const LOCKS = object({
  mutex: lock(object({ mutex: text, holder: text })),
  semaphore: lock(object({ semaphore: text, holders: list(text) })),
});

function lock(entry: Shape): Shape {
  return object({ holding: list(entry), waiting: list(entry) });
}

const TEMPLATE = object({ name: text, suspend: object({ duration: text }) });
const SPEC = object({ activeDeadlineSeconds: number, templates: list(TEMPLATE) });

/** A workflow, as far as a list shows it. */
export const WORKFLOW_SHAPE: Shape = some({
  metadata: required(
    some({
      name: text,
      namespace: text,
      generateName: text,
      creationTimestamp: text,
      labels: record(text),
    }),
  ),
  spec: object({ suspend: boolean, shutdown: text, activeDeadlineSeconds: number }),
  status: object({
    phase: text,
    startedAt: text,
    finishedAt: text,
    message: text,
    progress: text,
    storedWorkflowTemplateSpec: object({ activeDeadlineSeconds: number }),
  }),
});

/** What shows which locks a workflow holds and waits for. */
export const HOLDING_SHAPE: Shape = some({
  metadata: required(some({ name: text, namespace: text })),
  status: object({ phase: text, synchronization: LOCKS }),
});

const NODE = some({
  id: text,
  type: text,
  phase: text,
  message: text,
  startedAt: text,
  finishedAt: text,
  daemoned: boolean,
  displayName: text,
  templateName: text,
  children: list(text),
  synchronizationStatus: object({ waiting: text }),
});

/** A workflow with its nodes. */
export const INSIDE_SHAPE: Shape = object({
  spec: SPEC,
  status: object({
    message: text,
    nodes: record(required(NODE)),
    synchronization: LOCKS,
    storedTemplates: record(TEMPLATE),
    storedWorkflowTemplateSpec: SPEC,
  }),
});
