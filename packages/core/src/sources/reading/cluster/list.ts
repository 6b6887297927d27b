import {
  countField,
  isObject,
  listOf,
  objectField,
  queryText,
  textField,
  withoutQuery,
  type JsonObject,
} from '../body.js';
import { readPages } from '../read-pages.js';
import { SourceError, type SourceFetch, type SourceResponse } from '../../source.js';

/** A list to be read: how its parameters begin (Argo's server passes them on as `listOptions.limit`), how many are wanted at once (all, where absent). */
export type ObjectList = {
  readonly address: string;
  readonly query: readonly (readonly [string, string | undefined])[];
  readonly prefix?: string;
  readonly pageSize?: number | undefined;
  readonly system: string;
};

/** Objects of Kubernetes as they arrive. */
export type ObjectPage = {
  readonly objects: readonly unknown[];
  /** How many there are in all, where the server says so. */
  readonly total: number | undefined;
  readonly incomplete: string | undefined;
};

/**
 * Reads a list of the Kubernetes API in pages, which all show one and the same state.
 *
 * A server forgets a state after some minutes and responds with 410 (Gone); then the list is read again, in one piece.
 */
export async function* readObjects(list: ObjectList, fetch: SourceFetch): AsyncGenerator<ObjectPage, void> {
  let gone = false;
  for await (const page of readOnce(list, list.pageSize, fetch)) {
    if (page === 'gone') gone = true;
    else yield page;
  }
  if (!gone) return;
  for await (const page of readOnce(list, undefined, fetch)) if (page !== 'gone') yield page;
}

function readOnce(
  { address, query, prefix = '', system }: ObjectList,
  pageSize: number | undefined,
  fetch: SourceFetch,
): AsyncGenerator<ObjectPage | 'gone', void> {
  const text = queryText([...query, [`${prefix}limit`, pageSize]]);
  const first = text === '' ? address : `${address}?${text}`;
  let read = 0;
  return readPages<ObjectPage | 'gone'>({ url: first }, fetch, (response) => {
    if (response.status === 410) return { page: 'gone', next: undefined };
    const objects = itemsIn(response, system);
    read += objects.length;
    const metadata = metadataIn(response, system);
    const token = textField(metadata, 'continue', system);
    const left = countField(metadata, 'remainingItemCount', system);
    const more = token !== undefined;
    const remaining = left ?? 0;
    const incomplete =
      !more && remaining > 0 ? `${system} sent ${read} and says that ${remaining} more are to come.` : undefined;
    return {
      page: { objects, total: left !== undefined || !more ? read + remaining : undefined, incomplete },
      next: more ? { url: `${first}&${queryText([[`${prefix}continue`, token]])}`, accept: [410] } : undefined,
    };
  });
}

/** A list of none is sent as null by servers that encode the nil of Go. */
function itemsIn(response: SourceResponse, system: string): readonly unknown[] {
  const { body } = response;
  if (isObject(body) && body['items'] === null && isObject(body['metadata'])) return [];
  return listOf(response, 'items', system);
}

/** Every list has it, and it says whether there is more: one without is no list. */
function metadataIn({ body, url }: SourceResponse, system: string): JsonObject {
  const metadata = objectField(body, 'metadata', system);
  if (metadata !== undefined) return metadata;
  throw new SourceError('shape', `${withoutQuery(url)} sent a list without "metadata". Is this the URL of ${system}?`);
}
