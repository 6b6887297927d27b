import { hasNumber, hasText, isObject, isTrue, memberOf, type JsonObject } from '../reading/body.js';

/**
 * A limit of Dagster's run queue on runs with a tag: at most so many at work with that key, with that key and value, or for each value
 * of the key.
 */
export type TagLimit = {
  readonly key: string;
  readonly value: string | undefined;
  readonly perValue: boolean;
  readonly limit: number;
};

/** The tags of a run. */
export type Tags = ReadonlyMap<string, string>;

/** The limits in `tagConcurrencyLimitsYaml`; entries that are no limit are skipped. The YAML library is loaded only if there are any. */
export async function tagLimits(text: unknown): Promise<readonly TagLimit[]> {
  if (!hasText(text)) return [];
  const entries = await parsed(text);
  return Array.isArray(entries) ? entries.filter(isObject).flatMap(limitOf) : [];
}

/**
 * How long run monitoring lets a run take, in seconds, by the configuration that Dagster shows of itself; `undefined` if it is off, has
 * no limit or is not shown.
 */
export async function longestRun(info: unknown): Promise<number | undefined> {
  if (!hasText(info) || !info.includes('max_runtime_seconds')) return undefined;
  const { enabled, max_runtime_seconds: seconds } = memberOf(await parsed(info), 'run_monitoring');
  return isTrue(enabled) && hasNumber(seconds) && seconds > 0 ? seconds : undefined;
}

async function parsed(text: string): Promise<unknown> {
  const { parse, YAMLError } = await import('./yaml-parser.js');
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof YAMLError) return undefined;
    throw error;
  }
}

function limitOf({ key, value, limit }: JsonObject): readonly TagLimit[] {
  if (!hasText(key) || !hasNumber(limit)) return [];
  const perValue = isObject(value) && isTrue(value['applyLimitPerUniqueValue']);
  return [{ key, value: typeof value === 'string' ? value : undefined, perValue, limit }];
}

/** The limit that keeps a run in the queue while these are at work; `undefined` if none does. */
export function limitReached(limits: readonly TagLimit[], own: Tags, atWork: readonly Tags[]): TagLimit | undefined {
  return limits.find((limit) => {
    if (!counts(limit, own, own)) return false;
    return atWork.filter((tags) => counts(limit, own, tags)).length >= limit.limit;
  });
}

/** Whether a run with these tags counts against the limit for a run with its own. */
function counts({ key, value, perValue }: TagLimit, own: Tags, tags: Tags): boolean {
  const found = tags.get(key);
  if (found === undefined) return false;
  if (perValue) return found === own.get(key);
  return value === undefined || found === value;
}
