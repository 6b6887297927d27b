import type { Flag } from '../../run.js';
import { objectField, textField, type JsonObject } from '../reading/body.js';
import { because } from '../reading/vocabulary.js';
import { SYSTEM } from './api.js';
import { rowsIn } from './inside.js';

/** The code locations, with why one of them cannot be loaded. */
export const DAGSTER_LOCATIONS = `query tardyLocations {
  workspaceOrError {
    __typename
    ... on Workspace {
      locationEntries { name loadStatus locationOrLoadError { __typename ... on PythonError { message } } }
    }
  }
}`;

/**
 * A flag if the code location of a queued run cannot be loaded: Dagster puts such a run back into its queue, without a word on it.
 *
 * @param data the response to `DAGSTER_LOCATIONS`.
 */
export function lostLocation(name: string | undefined, data: JsonObject): Flag | undefined {
  const entries = rowsIn(objectField(data, 'workspaceOrError', SYSTEM) ?? {}, 'locationEntries');
  const entry = entries.find((one) => textField(one, 'name', SYSTEM) === name);
  const loaded = entry === undefined ? undefined : objectField(entry, 'locationOrLoadError', SYSTEM);
  if (name === undefined || loaded?.['__typename'] !== 'PythonError') return undefined;
  const text = `Dagster cannot load its code location ${name}${because(textField(loaded, 'message', SYSTEM))}`;
  return { kind: 'cannot_start', by: 'source', text };
}
