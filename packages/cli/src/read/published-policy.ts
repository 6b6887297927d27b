import { PolicyError, type Policy } from '@tardy/core';
import { SourceError, type Source, type SourceFetch } from '@tardy/core/sources';

/** How many rules a policy from outside may have: looking for contradictions takes time that grows with the square of it. */
const RULE_LIMIT = 1000;

/**
 * Reads the policy that a source publishes; `undefined` if it publishes none.
 *
 * @throws {SourceError} for a policy that cannot be read, is invalid or too large.
 */
export async function publishedPolicy(source: Source, fetch: SourceFetch): Promise<Policy | undefined> {
  const document: unknown = await source.policy?.(fetch);
  if (document === undefined) return undefined;
  const rules = typeof document === 'object' && document !== null && 'rules' in document ? document.rules : undefined;
  if (Array.isArray(rules) && rules.length > RULE_LIMIT) {
    throw new SourceError(
      'limit',
      `${source.name} publishes a policy of ${rules.length} rules; at most ${RULE_LIMIT} are read. Judge it by your own: --policy.`,
    );
  }
  // Loaded only where there is a policy to validate.
  const { loadPolicy } = await import('@tardy/core/schema');
  try {
    return loadPolicy(document);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new SourceError('shape', `${source.name} publishes an invalid policy: ${error.message}`);
  }
}
