import { matchesGlob, trustPolicy, type Globs, type Policy, type PolicyFields, type PolicyRule } from '@tardy/core';
import { policyDigest } from '@tardy/core/digest';

/** The policy that judges the runs of one source, and the names by which its runs call their source. */
export type JudgedSource = { readonly policy: Policy; readonly names: ReadonlySet<string> };

/**
 * One policy for the runs of all sources, since a run API has one. `given` judges all of them, as in `check`. Otherwise the policy that
 * each source publishes becomes rules for its own runs.
 *
 * What a source sets for its runs in general is a rule then, which is taken literally: it is not stretched to the rhythm of its heartbeats.
 */
export function servedPolicy(given: Policy | undefined, sources: readonly JudgedSource[]): Policy {
  if (given !== undefined) return given;
  const [first] = sources;
  if (first !== undefined && new Set(sources.map(({ policy }) => policyDigest(policy))).size === 1) return first.policy;
  const builtIn = trustPolicy({ version: 1 });
  const rules = sources.flatMap((source) => rulesOf(source, builtIn.document.defaults));
  return rules.length === 0 ? builtIn : trustPolicy({ version: 1, rules });
}

function rulesOf({ policy, names }: JudgedSource, builtIn: PolicyFields): PolicyRule[] {
  // A name with the characters of a glob would match the runs of other sources too.
  const own = [...names].filter((name) => !/[*?]/.test(name));
  const { defaults, rules } = policy.document;
  const general = difference(defaults, builtIn) as PolicyFields | undefined;
  const all: readonly PolicyRule[] = general === undefined ? rules : [{ match: {}, ...general }, ...rules];
  return all.flatMap((rule) => {
    const source = matching(own, rule.match['source']);
    return source.length === 0 ? [] : [{ ...rule, match: { ...rule.match, source } }];
  });
}

function matching(names: readonly string[], globs: Globs | undefined): readonly string[] {
  if (globs === undefined) return names;
  const list = typeof globs === 'string' ? [globs] : globs;
  return names.filter((name) => list.some((glob) => matchesGlob(glob, name)));
}

/** What of `own` differs from `base`, field by field; `undefined` where nothing does. */
function difference(own: unknown, base: unknown): unknown {
  if (!isObject(own) || !isObject(base)) return own === base ? undefined : own;
  const entries = Object.entries(own).flatMap(([name, value]) => {
    const differs = difference(value, base[name]);
    return differs === undefined ? [] : [[name, differs] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
