import type { Instant } from '../../run.js';
import {
  countField,
  hasNumber,
  isObject,
  listOf,
  objectField,
  withoutQuery,
  type JsonObject,
} from '../reading/body.js';
import { epochMs } from '../reading/epoch-time.js';
import { SourceError, type SourceResponse } from '../source.js';

/** What messages call the system. */
export const BUILDBOT = "Buildbot's API";

/** Asks for the properties that say who wanted a build and why. */
export const PROPERTIES = [
  ['property', 'owner'],
  ['property', 'reason'],
] as const;

/**
 * The rows of a response, which are objects.
 *
 * @param limit how many were asked for
 * @throws {SourceError} `truncated` if the response counts more than it sent.
 */
export function rowsOf(response: SourceResponse, name: string, limit = Infinity): readonly JsonObject[] {
  const rows = listOf(response, name, BUILDBOT);
  const total = countField(objectField(response.body, 'meta', BUILDBOT) ?? {}, 'total', BUILDBOT) ?? 0;
  if (rows.length < Math.min(total, limit)) {
    throw new SourceError(
      'truncated',
      `${withoutQuery(response.url)} counts ${total} ${name} and sent ${rows.length}.`,
    );
  }
  if (rows.every(isObject)) return rows;
  throw new SourceError('shape', `${withoutQuery(response.url)} sent a row that is not an object.`);
}

/** How many rows there are in all. */
export function totalIn({ body, url }: SourceResponse): number {
  const meta = objectField(body, 'meta', BUILDBOT);
  const total = meta === undefined ? undefined : countField(meta, 'total', BUILDBOT);
  if (total !== undefined) return total;
  throw new SourceError('shape', `${withoutQuery(url)} does not count. Is this the URL of ${BUILDBOT}?`);
}

/** A time, which the API gives in seconds. */
export function seconds(value: unknown): Instant | undefined {
  return hasNumber(value) ? epochMs(value * 1000) : undefined;
}
