import { PolicyError, type Policy } from '@tardy/core';
import { SourceError, type Source, type SourceFetch } from '@tardy/core/sources';

/** How many rules a policy from outside may have. */
const RULE_LIMIT = 1000;

/** How long it may be as JSON, in characters: each run is compared with each of its globs, however long. */
const LENGTH_LIMIT = 128 * 1024;

/**
 * Reads the policy that a source publishes; `undefined` if it publishes none.
 *
 * @throws {SourceError} for a policy that cannot be read, is invalid or too large.
 */
export async function publishedPolicy(source: Source, fetch: SourceFetch): Promise<Policy | undefined> {
  const document = await documentOf(source, fetch);
  if (document === undefined) return undefined;
  const rules = typeof document === 'object' && document !== null && 'rules' in document ? document.rules : undefined;
  if (Array.isArray(rules) && rules.length > RULE_LIMIT) {
    throw tooLarge(source, `${rules.length} rules; at most ${RULE_LIMIT} are read`);
  }
  const { length } = JSON.stringify(document);
  if (length > LENGTH_LIMIT) throw tooLarge(source, `${length} characters; at most ${LENGTH_LIMIT} are read`);
  // Loaded only where there is a policy to validate.
  const { loadPolicy } = await import('@tardy/core/schema');
  try {
    return loadPolicy(document);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new SourceError('shape', `${source.name} publishes an invalid policy: ${error.message}`);
  }
}

async function documentOf(source: Source, fetch: SourceFetch): Promise<unknown> {
  try {
    return await source.policy?.(fetch);
  } catch (error) {
    // A response beyond the limits of any response is no policy either.
    if (error instanceof SourceError && error.code === 'limit')
      throw tooLarge(source, `more than is read (${error.message})`);
    throw error;
  }
}

function tooLarge({ name }: Source, size: string): SourceError {
  return new SourceError('shape', `${name} publishes a policy of ${size}. Judge it by your own: --policy.`);
}
