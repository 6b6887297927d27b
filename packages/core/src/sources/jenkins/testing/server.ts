import { isObject, type JsonObject } from '../../reading/body.js';
import { jenkinsSource } from '../source.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Server } from '../../testing/fetch.js';
import { fixture } from '../../testing/fixtures.js';

type Executor = { readonly currentExecutable: JsonObject; readonly likelyStuck: boolean };
type Computer = { readonly executors: readonly Executor[]; readonly oneOffExecutors: readonly Executor[] };

const [computer] = fixture('jenkins/computers.json')['computer'] as readonly Computer[];
if (computer === undefined) throw new Error('No computer was recorded.');

const NOT_FOUND = { status: 404, body: undefined };

/** A Jenkins with these queue items and builds, each build at work on an executor of its own unless it has ended. */
export function jenkinsServer(rows: readonly JsonObject[], facts: JsonObject = {}, likelyStuck = false): Server {
  const isItem = (row: unknown) => !isObject(row) || 'inQueueSince' in row;
  const builds = rows.filter((row) => !isItem(row));
  const atWork = builds.filter(({ building }) => building !== false);
  return (url) => {
    const path = url.pathname.slice(1).replace(/\/?api\/json$/, '');
    if (path === 'queue') return { body: { items: rows.filter(isItem) } };
    if (path === 'computer') {
      const executors = atWork.map((currentExecutable) => ({ currentExecutable, likelyStuck }));
      return { body: { computer: [{ displayName: 'master', offline: false, ...facts, executors }] } };
    }
    if (path === '') return { body: { jobs: [{ builds: builds.filter((build) => !atWork.includes(build)) }] } };
    const found = rows.find((row) =>
      isItem(row) ? path === `queue/item/${String(row['id'])}` : String(row['url']).endsWith(`/${path}/`),
    );
    return found === undefined ? NOT_FOUND : { body: found };
  };
}

const [freestyle, step] = computer.executors.map((executor) => executor.currentExecutable);
const [pipeline] = computer.oneOffExecutors.map((executor) => executor.currentExecutable);
const [blocked, stuck] = fixture('jenkins/queue.json')['items'] as readonly JsonObject[];
if (freestyle === undefined || step === undefined || pipeline === undefined) throw new Error('A build is missing.');
if (blocked === undefined || stuck === undefined) throw new Error('An item is missing.');
const success = fixture('jenkins/build-success.json');

/** The recorded builds and items. */
export const jenkinsRows = { freestyle, step, pipeline, blocked, stuck, success };

/** What Jenkins' adapter shows to conform. */
export const jenkinsCase: ConformanceCase = {
  name: 'jenkins',
  source: jenkinsSource('ci', { url: 'https://ci.example' }),
  row: freestyle,
  other: pipeline,
  states: [
    [
      'building',
      freestyle,
      {
        id: 'job/freestylejob/14',
        type: 'freestylejob',
        title: 'freestylejob #14',
        status: 'running',
        startedAt: 1_619_167_515_987,
        initiator: { kind: 'user', name: 'admin' },
        url: 'https://ci.example/job/freestylejob/14/',
        labels: { node: 'master' },
        flag: undefined,
      },
    ],
    ['a pipeline', pipeline, { id: 'job/folder/job/pipeline/53', type: 'folder/pipeline' }],
    ['at work in a step alone', step, { id: 'job/folder/job/pipeline/53', status: 'running' }],
    [
      'blocked',
      blocked,
      {
        id: 'queue/item/669',
        type: 'folder/pipeline',
        status: 'queued',
        hold: 'limit',
        queuedAt: 1_561_364_267_921,
        labels: { why: 'Build #168 is already in progress (ETA:N/A)' },
      },
    ],
    [
      'stuck in the queue',
      stuck,
      {
        status: 'queued',
        hold: undefined,
        flag: {
          kind: 'stuck',
          by: 'source',
          text: 'stuck in the queue: There are no nodes with the label ‘xxxx’',
          since: undefined,
        },
      },
    ],
    [
      'in the quiet period',
      fixture('jenkins/item-waiting.json'),
      {
        status: 'queued',
        hold: 'schedule',
        notBefore: 1_566_553_113_796,
        initiator: { kind: 'event', name: undefined },
      },
    ],
    [
      'blocked by another project',
      { ...blocked, why: 'Upstream project a is already building.' },
      { hold: 'dependency' },
    ],
    ['blocked while Jenkins shuts down', { ...blocked, why: 'Jenkins is about to shut down' }, { hold: 'paused' }],
    ['of an old Jenkins', { ...blocked, _class: undefined }, { hold: 'limit' }],
    ['success', success, { status: 'completed', outcome: 'succeeded', endedAt: 1_619_168_115_321, flag: undefined }],
    ['failure', fixture('jenkins/build-failure.json'), { outcome: 'failed' }],
  ],
  broken: [
    ['url', { ...freestyle, url: null }],
    ['timestamp', { ...freestyle, timestamp: 'now' }],
    ['fullDisplayName', { ...freestyle, fullDisplayName: 7 }],
    ['inQueueSince', { ...blocked, inQueueSince: 'long ago' }],
    ['id of an item', { ...blocked, id: null }],
  ],
  unknownStatus: { row: { ...success, result: 'EXPLODED' }, native: 'EXPLODED' },
  serve: (rows) => jenkinsServer(rows),
  cutShort: () => ({ body: undefined }),
};
