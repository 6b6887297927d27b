import { isObject, type JsonObject, withoutQuery } from '../reading/body.js';
import { SourceError, type SourceResponse } from '../source.js';

/** What Dagster is called in messages. */
export const SYSTEM = 'Dagster';

/** The statuses of a run that occupies a place in Dagster's run queue. */
export const DAGSTER_AT_WORK: readonly string[] = ['STARTING', 'STARTED', 'CANCELING'];

/**
 * The data of a response.
 *
 * @throws {SourceError} if there is none, and for errors, which GraphQL sends with status 200.
 */
export function dataIn(response: SourceResponse): JsonObject {
  const { body } = response;
  const errors = isObject(body) ? (body['errors'] ?? undefined) : undefined;
  if (errors !== undefined && !Array.isArray(errors)) throw noDagster(response);
  if (errors !== undefined && errors.length > 0) throw refusal(response, errors[0]);
  const data = isObject(body) ? body['data'] : undefined;
  if (!isObject(data)) throw noDagster(response);
  return data;
}

/** A member of a union; Dagster sends its errors as data, too. */
export function memberIn(response: SourceResponse, name: string, type: string): JsonObject {
  const member = dataIn(response)[name];
  if (!isObject(member)) throw noDagster(response);
  if (member['__typename'] === type) return member;
  throw refusal(response, member);
}

const LONGEST_REASON = 300;

/** The error that a response reports. */
export function refusal(response: SourceResponse, error: unknown): SourceError {
  const { message, __typename: type } = isObject(error) ? error : {};
  const reason = typeof message === 'string' ? message.slice(0, LONGEST_REASON) : 'no reason given';
  const code = type === 'UnauthorizedError' ? 'forbidden' : 'http';
  return new SourceError(code, `${withoutQuery(response.url)} responded with an error: ${reason}`);
}

/** The error for a response that is none of Dagster's. */
export function noDagster(response: SourceResponse): SourceError {
  return new SourceError('shape', `${withoutQuery(response.url)} sent no runs. Is this the URL of Dagster?`);
}
