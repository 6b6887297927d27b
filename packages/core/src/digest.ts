import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { parseDuration } from './duration.js';
import { globsOf } from './match.js';
import {
  DURATIONS,
  FLAG_EFFECTS,
  type FilledPolicyDocument,
  type PolicyFields,
  type PolicyRule,
} from './policy-document.js';
import type { Policy } from './policy.js';
import { FLAG_KINDS } from './run.js';

/**
 * The digest of a policy as `sha256:<64 hex digits>`, printed in every report.
 *
 * Equal for equivalent policies, however they are written: `90s` or `1m30s`, a glob or a list of one, an explicit or an
 * implicit default, keys in any order. Rules keep their order, since they cascade.
 */
export function policyDigest(policy: Policy): string {
  return documentDigest(policy.document);
}

/** The digest of a policy document that is filled already, such as the part of one that a viewer may see. */
export function documentDigest({ defaults, rules }: FilledPolicyDocument): string {
  const text = canonicalJson({ version: 1, defaults: canonicalFields(defaults), rules: rules.map(canonicalRule) });
  return `sha256:${bytesToHex(sha256(utf8ToBytes(text)))}`;
}

function canonicalRule(rule: PolicyRule): unknown {
  const match = Object.entries(rule.match).map(([name, globs]) => [name, [...new Set(globsOf(globs))].sort()] as const);
  // Pairs, not an object: a label may have any name, `__proto__` too.
  return { ...canonicalFields(rule), match: match.sort(([one], [other]) => (one < other ? -1 : 1)) };
}

function canonicalFields(fields: PolicyFields): Record<string, unknown> {
  const result: Record<string, unknown> = {
    flag: canonicalFlag(fields.flag),
    clock_tolerance: canonicalDuration(fields.clock_tolerance),
  };
  for (const [clock, names] of Object.entries(DURATIONS)) {
    const group: Readonly<Record<string, unknown>> | undefined = fields[clock as keyof typeof DURATIONS];
    if (group === undefined) continue;
    result[clock] = { ...group, ...Object.fromEntries(names.map((name) => [name, canonicalDuration(group[name])])) };
  }
  return result;
}

/** The short form means the same thresholds for every kind. */
function canonicalFlag(flag: PolicyFields['flag']): unknown {
  if (flag === undefined) return undefined;
  const groups = FLAG_KINDS.map((kind) => [kind, typeof flag === 'string' ? FLAG_EFFECTS[flag] : flag[kind]] as const);
  return Object.fromEntries(
    groups.flatMap(([kind, group]) =>
      group === undefined
        ? []
        : [[kind, { late: canonicalDuration(group.late), stale: canonicalDuration(group.stale) }]],
    ),
  );
}

/** Milliseconds, and `never` as it is: JSON has no infinity. */
function canonicalDuration(text: unknown): unknown {
  const ms = typeof text === 'string' ? parseDuration(text) : undefined;
  return ms === Infinity ? 'never' : (ms ?? text);
}

/** JSON without spaces whose keys are sorted; `undefined` is omitted. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
}
