import type { Flag, Hold } from '../../run.js';
import { booleanField, countField, hasText, isObject, isTrue, listField, type JsonObject } from '../reading/body.js';
import { nameFor } from '../reading/vocabulary.js';
import { SourceError } from '../source.js';
import { BUILDBOT } from './api.js';

/** What neither a build nor a request says of itself. */
export type BuildbotContext = {
  /** The URL of Buildbot's pages, with a slash at its end. */
  readonly pages: string;
  readonly builders: ReadonlyMap<unknown, JsonObject>;
  /** By their ids. */
  readonly workers: ReadonlyMap<unknown, JsonObject>;
  /** Why no worker takes a request, by the id of the builder. */
  readonly waits: Map<unknown, WaitForWorker>;
};

/** Why no worker takes a request; empty if one may. */
export type WaitForWorker = { readonly hold?: Hold; readonly flag?: Flag; readonly why?: string };

/**
 * Checks the fields of a worker that are evidence: one that cannot be read must not look like one that is connected.
 *
 * @throws {SourceError} `shape`
 */
export function requireWorker(worker: JsonObject): void {
  const id = countField(worker, 'workerid', BUILDBOT);
  const connected = listField(worker, 'connected_to', BUILDBOT);
  const configured = listField(worker, 'configured_on', BUILDBOT);
  if (id === undefined || connected === undefined || configured === undefined) {
    throw new SourceError('shape', `A worker lacks its id, connections or builders. Is this the URL of ${BUILDBOT}?`);
  }
  for (const name of ['paused', 'graceful']) booleanField(worker, name, BUILDBOT);
}

/** The name of a builder; `undefined` for one that Buildbot does not list. */
export function nameOfBuilder(id: unknown, { builders }: BuildbotContext): string | undefined {
  const name = builders.get(id)?.['name'];
  return hasText(name) ? name : undefined;
}

/** The name of the worker of a build. */
export function nameOfWorker(id: unknown, { workers }: BuildbotContext): unknown {
  return workers.get(id)?.['name'];
}

/** A flag if the worker of a build is not connected. One that is paused or shuts down gracefully continues its build. */
export function lostWorker(build: JsonObject, { workers }: BuildbotContext): Flag | undefined {
  const worker = workers.get(build['workerid']);
  if (worker === undefined || isConnected(worker)) return undefined;
  const name = hasText(worker['name']) ? `${nameFor(worker['name'])} ` : '';
  return { kind: 'worker_lost', by: 'tardy', text: `Its worker ${name}is not connected.` };
}

/**
 * Why no worker takes a request: no master runs its builder any more, no worker of it is connected, or all that are have been paused
 * or shut down.
 */
export function waitOf(builderid: unknown, context: BuildbotContext): WaitForWorker {
  // All requests for a builder wait alike, and there may be as many as there are workers.
  const wait = context.waits.get(builderid) ?? waitForBuilder(builderid, context);
  context.waits.set(builderid, wait);
  return wait;
}

function waitForBuilder(builderid: unknown, context: BuildbotContext): WaitForWorker {
  const name = nameOfBuilder(builderid, context);
  const builder = name === undefined ? 'its builder' : `the builder ${nameFor(name)}`;
  const masters = context.builders.get(builderid)?.['masterids'];
  if (Array.isArray(masters) && masters.length === 0) {
    return cannotStart(`No master runs ${builder}: it has been removed from the configuration.`);
  }
  const own = [...context.workers.values()].filter(
    ({ configured_on: builders }) =>
      Array.isArray(builders) && builders.some((one) => isObject(one) && one['builderid'] === builderid),
  );
  if (own.length === 0) return {};
  const connected = own.filter(isConnected);
  if (connected.length === 0) return cannotStart(`No worker of ${builder} is connected.`);
  const closed = connected.filter(({ paused, graceful }) => isTrue(paused) || isTrue(graceful));
  if (closed.length < connected.length) return {};
  const reason = closed.map(({ pause_reason: text }) => text).find(hasText);
  return reason === undefined ? { hold: 'paused' } : { hold: 'paused', why: reason };
}

function cannotStart(text: string): { readonly flag: Flag } {
  return { flag: { kind: 'cannot_start', by: 'tardy', text } };
}

function isConnected(worker: JsonObject): boolean {
  return Array.isArray(worker['connected_to']) && worker['connected_to'].length > 0;
}
