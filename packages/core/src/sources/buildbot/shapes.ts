import { boolean, list, number, object, required, some, text, type Shape } from '../reading/shape.js';
import type { ResponseShapes } from '../reading/strict-source.js';

/** A build, or a request for one. */
export const BUILDBOT_ROW_SHAPE: Shape = some({
  buildrequestid: number,
  buildid: number,
  builderid: number,
  masterid: number,
  workerid: number,
  claimed_by_masterid: number,
  complete: boolean,
  claimed: boolean,
  results: number,
  state_string: text,
});

const WORKER = some({
  workerid: number,
  name: text,
  connected_to: list(object({})),
  configured_on: list(some({ builderid: number })),
  paused: boolean,
  graceful: boolean,
  pause_reason: text,
});

const STEP = some({
  name: text,
  complete: boolean,
  started_at: number,
  locks_acquired_at: number,
  complete_at: number,
});

/** What Buildbot's API sends. */
export const BUILDBOT_SHAPES: ResponseShapes = {
  everywhere: [
    [/\/workers$/, some({ workers: required(list(WORKER)) })],
    [
      /\/builders$/,
      some({
        builders: required(list(some({ builderid: number, name: text, masterids: list(number) }))),
      }),
    ],
  ],
  inside: [
    [/\/builds\/\d+\/steps$/, some({ steps: required(list(STEP)) })],
    [
      /\/masters$/,
      some({
        masters: required(list(some({ masterid: number, active: boolean, name: text, last_active: number }))),
      }),
    ],
    [/\/buildsets\?/, some({ buildsets: required(list(some({ bsid: number, parent_buildid: number }))) })],
    [
      /\/buildrequests\?/,
      some({
        buildrequests: required(list(some({ buildrequestid: number, buildsetid: number, waited_for: boolean }))),
      }),
    ],
    [/\/buildrequests\/\d+\/builds\?/, some({ builds: required(list(BUILDBOT_ROW_SHAPE)) })],
    [/\/builds\?/, some({ builds: required(list(BUILDBOT_ROW_SHAPE)) })],
  ],
};
