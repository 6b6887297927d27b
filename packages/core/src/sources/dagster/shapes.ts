import { boolean, count, list, number, object, some, text, type Shape } from '../reading/shape.js';
import type { ResponseShapes } from '../reading/strict-source.js';

/** A run. */
export const DAGSTER_RUN_SHAPE: Shape = some({
  runId: text,
  jobName: text,
  status: text,
  creationTime: number,
  startTime: number,
  updateTime: number,
  endTime: number,
  rootRunId: text,
  tags: list(some({ key: text, value: text })),
  assetSelection: list(object({ path: list(text) })),
  repositoryOrigin: object({ repositoryLocationName: text }),
});

const STEP = some({
  stepKey: text,
  status: text,
  endTime: number,
  attempts: list(object({ endTime: number })),
});

const INSIDE = some({
  runOrError: object({
    __typename: text,
    executionPlan: object({ steps: list(some({ key: text })) }),
    stepStats: list(STEP),
  }),
  atWork: object({ count }),
  instance: object({
    info: text,
    runQueueConfig: object({ maxConcurrentRuns: number, tagConcurrencyLimitsYaml: text }),
    daemonHealth: object({
      daemonStatus: some({ required: boolean, healthy: boolean, lastHeartbeatTime: number }),
    }),
  }),
});

const CLAIMS = list(some({ runId: text, stepKey: text, enqueuedTimestamp: number, assignedTimestamp: number }));

const POOL = some({
  concurrencyKey: text,
  slotCount: count,
  claimedSlots: CLAIMS,
  pendingSteps: CLAIMS,
});

const AT_WORK = some({
  runId: text,
  status: text,
  rootConcurrencyKeys: list(text),
  allPools: list(text),
  hasUnconstrainedRootNodes: boolean,
});

const EVENT = some({ __typename: text, stepKey: text, timestamp: text, secondsToWait: number });

const LOCATION = some({
  name: text,
  locationOrLoadError: some({ __typename: text, message: text }),
});

/** The data of a response; one without reports errors, of which the reader speaks. */
function data(fields: Readonly<Record<string, Shape>>): Shape {
  return object({ data: object(fields) });
}

/** What Dagster's GraphQL API sends, by the names of the queries. */
export const DAGSTER_SHAPES: ResponseShapes = {
  everywhere: [[/ tardyStatuses$/, data({ __type: object({ enumValues: list(some({ name: text })) }) })]],
  inside: [
    [/ tardyRuns$/, data({ runsOrError: object({ results: list(DAGSTER_RUN_SHAPE), count }) })],
    [/ tardyInside$/, object({ data: INSIDE })],
    [
      / tardyPools$/,
      data({ instance: object({ poolConfig: object({ poolGranularity: text }), concurrencyLimits: list(POOL) }) }),
    ],
    [/ tardyQueuedPools$/, data({ runsOrError: object({ results: list(AT_WORK), count }) })],
    [/ tardyHolders$/, data({ runsOrError: object({ results: list(AT_WORK), count }) })],
    [
      / tardyEvents$/,
      data({
        logsForRun: some({ __typename: text, cursor: text, hasMore: boolean, events: list(EVENT) }),
      }),
    ],
    [/ tardyLocations$/, data({ workspaceOrError: object({ locationEntries: list(LOCATION) }) })],
  ],
};
