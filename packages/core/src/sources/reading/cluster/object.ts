import { formatInstant } from '../../../instant.js';
import { countField, hasNumber, hasText, objectsField, type JsonObject } from '../body.js';
import { instantIn } from '../wire-time.js';

const SYSTEM = 'the Kubernetes API';

const NO_CONDITIONS: ReadonlyMap<string, JsonObject> = new Map();

/** The labels of an object with a text, but for those that say nothing more, with some of our own. */
export function labelsOf(
  labels: JsonObject,
  isOwn: (label: string) => boolean,
  more: Record<string, string> = {},
): Record<string, string> {
  const texts: Record<string, string> = more;
  for (const label in labels) {
    const text = labels[label];
    if (hasText(text) && !isOwn(label)) texts[label] = text;
  }
  return texts;
}

/** How many of something a status counts; what is left out is none. */
export function countIn(status: JsonObject, name: string): number {
  return countField(status, name, SYSTEM) ?? 0;
}

/** The conditions of a status that hold, by their type. */
export function conditionsOf(status: JsonObject): ReadonlyMap<string, JsonObject> {
  const all = objectsField(status, 'conditions', SYSTEM);
  if (all.length === 0) return NO_CONDITIONS;
  return new Map(all.flatMap((one) => (one['status'] === 'True' ? [[String(one['type']), one] as const] : [])));
}

/** When something that started at a time has run for as long as its `activeDeadlineSeconds` allow. */
export function deadlineOf(spec: JsonObject, start: unknown): string | undefined {
  const [seconds, startedAt] = [spec['activeDeadlineSeconds'], instantIn(start)];
  return hasNumber(seconds) && startedAt !== undefined ? formatInstant(startedAt + seconds * 1000) : undefined;
}

/** What is made again and again has a name with a random end. */
export function typeOf(metadata: JsonObject): unknown {
  const generated = metadata['generateName'];
  return hasText(generated) ? generated.replace(/-$/, '') : metadata['name'];
}

/** Reads `https://host/namespaces/<namespace>` as what it says. */
export function withNamespace(address: string): { readonly url: string; readonly namespace?: string } {
  const [, url, namespace] = /^(.+?)\/namespaces\/([^/]+)\/?$/.exec(address) ?? [];
  return url === undefined || namespace === undefined ? { url: address } : { url, namespace };
}
