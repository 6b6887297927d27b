import type { Instant, Run } from '../../run.js';
import { objectField, textField, type JsonObject } from '../reading/body.js';
import { lastOf } from '../reading/wire-time.js';
import { SYSTEM } from './api.js';
import { rowsIn } from './inside.js';

/** Some events of a run, from its beginning on. Of most only their kind is read. */
export const DAGSTER_EVENTS = `query tardyEvents($id: ID!, $cursor: String, $limit: Int!) {
  logsForRun(runId: $id, afterCursor: $cursor, limit: $limit) {
    __typename
    ... on EventConnection {
      cursor hasMore
      events {
        __typename
        ... on ExecutionStepUpForRetryEvent { stepKey timestamp secondsToWait }
        ... on ExecutionStepRestartEvent { stepKey }
        ... on ExecutionStepFailureEvent { stepKey }
        ... on ExecutionStepSuccessEvent { stepKey }
      }
    }
  }
}`;

/** Pages of events that are read of one run. A run that wrote more counts by its time. */
const MOST_PAGES = 5;

/** A wait between two attempts of a step. */
type Backoff = { readonly step: string; readonly since: Instant; readonly until: Instant };

/**
 * A run whose steps that have not ended were all tried before: on hold until the first next attempt, if all of them wait for one.
 * The steps do not say so; the events do.
 *
 * @param open the keys of the steps that have begun and not ended.
 * @param page reads the events after a cursor; `undefined` if they may not be read.
 */
export async function withBackoff(
  run: Run,
  open: readonly string[],
  page: (cursor: string | undefined) => Promise<JsonObject | undefined>,
): Promise<Run> {
  const waiting = new Map<string, Backoff>();
  let cursor: string | undefined;
  for (let read = 0; ; read++) {
    const data = read < MOST_PAGES ? await page(cursor) : undefined;
    const events = data === undefined ? undefined : objectField(data, 'logsForRun', SYSTEM);
    if (events?.['__typename'] !== 'EventConnection') return run;
    for (const event of rowsIn(events, 'events')) follow(event, waiting);
    cursor = textField(events, 'cursor', SYSTEM);
    if (events['hasMore'] !== true || cursor === undefined) break;
  }
  const backoffs = open.flatMap((step) => waiting.get(step) ?? []);
  const [first] = [...backoffs].sort((a, b) => a.until - b.until);
  if (first === undefined || backoffs.length < open.length) return run;
  const { step: name, until } = first;
  return {
    ...run,
    hold: 'retry',
    holdSince: lastOf(backoffs.map(({ since }) => since)),
    waitsFor: { kind: 'next attempt', name, until },
  };
}

function follow(event: JsonObject, waiting: Map<string, Backoff>): void {
  const step = textField(event, 'stepKey', SYSTEM);
  if (step === undefined) return;
  // Milliseconds in a text, in whole numbers.
  const since = Number(textField(event, 'timestamp', SYSTEM));
  const seconds = event['secondsToWait'];
  if (event['__typename'] !== 'ExecutionStepUpForRetryEvent' || !Number.isFinite(since)) waiting.delete(step);
  else waiting.set(step, { step, since, until: since + (typeof seconds === 'number' ? seconds * 1000 : 0) });
}
