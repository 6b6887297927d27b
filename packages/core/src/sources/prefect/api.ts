import { countField, listOf, objectsIn, type JsonObject } from '../reading/body.js';
import { SourceError, type SourceFetch } from '../source.js';

/** What Prefect's API is called in messages. */
export const SYSTEM = "Prefect's API";

/** The state types of a run that occupies a place of a limit. */
const OCCUPYING: readonly string[] = ['PENDING', 'RUNNING', 'CANCELLING'];

/**
 * The runs at work that a filter selects: the first page of them, whether that holds all, and how many there are.
 *
 * @param filter the filters besides that on the state; those of flow runs in `flow_runs`.
 */
export async function readAtWork(
  address: string,
  { flow_runs: runs = {}, ...others }: JsonObject,
  fetch: SourceFetch,
): Promise<{ readonly rows: readonly JsonObject[]; readonly isWhole: boolean; readonly count: number }> {
  const response = await fetch({
    url: `${address}flow_runs/paginate`,
    method: 'POST',
    body: { flow_runs: { ...(runs as JsonObject), state: { type: { any_: OCCUPYING } } }, ...others, page: 1 },
  });
  const rows = objectsIn(listOf(response, 'results', SYSTEM), 'results', SYSTEM);
  const count = countIn(response.body);
  const atWork = rows.filter((row) => OCCUPYING.includes(String(row['state_type'])));
  return { rows: atWork, isWhole: rows.length >= count, count };
}

/**
 * How many runs a query found in all.
 *
 * @throws {SourceError} `shape` if the response does not say.
 */
export function countIn(body: unknown): number {
  const count = countField(body, 'count', SYSTEM);
  if (count !== undefined) return count;
  throw new SourceError('shape', `The response has no "count". Is this the URL of ${SYSTEM}?`);
}
