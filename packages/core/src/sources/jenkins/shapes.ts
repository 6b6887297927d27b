import {
  anything,
  boolean,
  list,
  listWithGaps,
  number,
  object,
  required,
  rows,
  some,
  text,
  type Shape,
} from '../reading/shape.js';
import type { ResponseShapes } from '../reading/strict-source.js';

const ACTIONS = listWithGaps(
  object({
    causes: listWithGaps(object({ upstreamProject: text, upstreamBuild: number, userId: text, userName: text })),
  }),
);

const BUILD = {
  url: text,
  building: boolean,
  result: text,
  timestamp: number,
  duration: number,
  actions: ACTIONS,
};

/** A build. */
export const JENKINS_BUILD_SHAPE: Shape = some({ ...BUILD, url: text });

/** An item of the queue. */
export const JENKINS_ITEM_SHAPE: Shape = some({
  _class: text,
  id: number,
  why: text,
  stuck: boolean,
  blocked: boolean,
  buildable: boolean,
  inQueueSince: number,
  timestamp: number,
  task: object({ name: text, url: text }),
  actions: ACTIONS,
});

// Steps of a pipeline have builds that say little of themselves.
const EXECUTORS = list(object({ likelyStuck: boolean, currentExecutable: object(BUILD) }));

const COMPUTER = object({
  displayName: text,
  offline: boolean,
  temporarilyOffline: boolean,
  offlineCauseReason: text,
  offlineCause: object({ timestamp: number }),
  executors: EXECUTORS,
  oneOffExecutors: EXECUTORS,
});

const STAGE = object({ status: text, pauseDurationMillis: number, startTimeMillis: number });

const RESOURCE = some({
  name: text,
  labels: text,
  locked: boolean,
  buildName: text,
  reserved: boolean,
  reservedBy: text,
});

/** What Jenkins' API sends, for the fields that are requested. */
export const JENKINS_SHAPES: ResponseShapes = {
  everywhere: [[/\/queue\/api\/json\?/, some({ items: required(rows) })]],
  inside: [
    [/\/computer\/api\/json\?/, some({ computer: required(list(COMPUTER)) })],
    [/\/queue\/api\/json\?/, some({ items: required(list(JENKINS_ITEM_SHAPE)) })],
    [/\/wfapi\/describe$/, some({ status: text, stages: list(STAGE) })],
    [/\/lockable-resources\/api\/json\?/, some({ resources: required(list(RESOURCE)) })],
    [/\/label\/[^/?]+\/api\/json\?/, object({ clouds: list(anything) })],
    [/\/api\/json\?tree=building%2Cresult$/, some({ building: boolean, result: text })],
  ],
};
