import { count, list, number, object, required, some, text, textOrNumber, type Shape } from '../reading/shape.js';
import type { ResponseShapes } from '../reading/strict-source.js';

const VERSION = object({ deploymentName: text, buildId: text });

/** An execution. */
export const TEMPORAL_EXECUTION_SHAPE: Shape = some({
  execution: required(some({ workflowId: text, runId: text })),
  type: object({ name: text }),
  status: text,
  startTime: text,
  executionTime: text,
  closeTime: text,
  taskQueue: text,
  workerDeploymentName: text,
  parentExecution: object({ workflowId: text }),
  versioningInfo: object({
    behavior: text,
    deploymentVersion: VERSION,
    versioningOverride: object({ pinned: object({ version: VERSION }) }),
    versionTransition: object({}),
  }),
});

const ACTIVITY = some({
  state: text,
  attempt: count,
  maximumAttempts: count,
  scheduledTime: text,
  lastStartedTime: text,
  lastHeartbeatTime: text,
  nextAttemptScheduleTime: text,
  activityType: object({ name: text }),
  activityOptions: object({
    heartbeatTimeout: text,
    retryPolicy: object({ backoffCoefficient: number }),
    taskQueue: object({ name: text }),
  }),
  lastFailure: object({ message: text }),
});

const OPERATION = some({
  state: text,
  endpoint: text,
  service: text,
  operation: text,
  scheduledTime: text,
  nextAttemptScheduleTime: text,
  lastAttemptCompleteTime: text,
  blockedReason: text,
  lastAttemptFailure: object({ message: text }),
});

const DESCRIPTION = some({
  workflowExecutionInfo: required(TEMPORAL_EXECUTION_SHAPE),
  workflowExtendedInfo: object({
    runExpirationTime: text,
    executionExpirationTime: text,
    pauseInfo: object({ pausedTime: text }),
  }),
  pendingWorkflowTask: object({ attempt: count, originalScheduledTime: text }),
  pendingActivities: list(ACTIVITY),
  pendingChildren: list(some({ workflowId: text, runId: text, workflowTypeName: text })),
  pendingNexusOperations: list(OPERATION),
});

const POLLER = some({
  lastAccessTime: text,
  deploymentOptions: VERSION,
});

/** What Temporal's HTTP API sends. */
export const TEMPORAL_SHAPES: ResponseShapes = {
  everywhere: [[/\/namespaces\/[^/?]+$/, object({ namespaceInfo: object({ name: text }) })]],
  inside: [
    [/\/workflows\/[^/?]+\?execution/, DESCRIPTION],
    [
      /\/task-queues\//,
      object({
        pollers: list(POLLER),
        effectiveRateLimit: object({ requestsPerSecond: number, rateLimitSource: text }),
        stats: object({ approximateBacklogCount: textOrNumber }),
      }),
    ],
  ],
};
