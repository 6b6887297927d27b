import { count, list, number, object, required, rows, some, text, type Shape } from '../reading/shape.js';

/** A page of state machines. */
export const STATE_MACHINES_SHAPE: Shape = some({
  stateMachines: required(list(some({ stateMachineArn: required(text), name: text, type: text }))),
  nextToken: text,
});

/** A page of executions, which are read one by one. */
export const EXECUTIONS_SHAPE: Shape = some({ executions: required(rows), nextToken: text });

/** An execution, in a list or by itself. */
export const EXECUTION_SHAPE: Shape = some({
  executionArn: text,
  stateMachineArn: text,
  name: text,
  status: text,
  startDate: number,
  stopDate: number,
  redriveCount: count,
  redriveDate: number,
  error: text,
  cause: text,
});

/** The definition that an execution follows. */
export const DEFINITION_SHAPE: Shape = some({ definition: required(text) });

const SCHEDULED = object({ resource: text, timeoutInSeconds: number, heartbeatInSeconds: number });

/** A page of the history of an execution. */
export const HISTORY_SHAPE: Shape = some({
  events: required(
    list(
      some({
        id: required(number),
        previousEventId: number,
        timestamp: required(number),
        type: required(text),
        stateEnteredEventDetails: object({ name: text }),
        taskScheduledEventDetails: SCHEDULED,
        activityScheduledEventDetails: SCHEDULED,
      }),
    ),
  ),
  nextToken: text,
});
