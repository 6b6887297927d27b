import { globsOf, matchesGlob, type RunMatch } from '../match.js';
import type { FilledPolicyDocument } from '../policy-document.js';
import type { Viewer } from './viewer.js';

/**
 * The policy as a viewer may see it: without rules, and without names in rules, that only concern other tenants and
 * workspaces. Both policies judge every run that the viewer sees alike.
 */
export function policyFor(document: FilledPolicyDocument, viewer: Viewer): FilledPolicyDocument {
  if (viewer === 'everything') return document;
  const owners = {
    tenant: viewer.memberships.flatMap(({ tenant }) => tenant ?? []),
    workspace: viewer.memberships.flatMap(({ workspace }) => workspace ?? []),
  };
  const rules = document.rules.flatMap((rule) => {
    const match: Record<string, RunMatch[string]> = { ...rule.match };
    for (const field of ['tenant', 'workspace'] as const) {
      const globs = match[field];
      if (globs === undefined) continue;
      const known = globsOf(globs).filter((glob) => owners[field].some((id) => matchesGlob(glob, id)));
      if (known.length === 0) return [];
      match[field] = typeof globs === 'string' ? globs : known;
    }
    return [{ ...rule, match }];
  });
  return { ...document, rules };
}
