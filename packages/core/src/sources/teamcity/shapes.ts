import { boolean, number, object, some, text, type Shape } from '../reading/shape.js';

/** A build. */
export const TEAMCITY_ROW_SHAPE: Shape = some({
  id: number,
  buildTypeId: text,
  number: text,
  state: text,
  status: text,
  statusText: text,
  branchName: text,
  webUrl: text,
  detachedFromAgent: boolean,
  queuedDate: text,
  startDate: text,
  finishDate: text,
  waitReason: text,
  agent: object({ name: text, connected: boolean }),
  'running-info': object({ probablyHanging: boolean, lastActivityTime: text }),
  approvalInfo: object({ status: text, timeoutTimestamp: text }),
  triggered: object({ type: text, user: object({ username: text }) }),
  buildType: object({ projectName: text }),
});
