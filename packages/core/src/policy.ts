import type { DurationMs } from './duration.js';
import { compileMatch, matchKeys } from './match.js';
import { isPolicyDocument } from './policy-check.js';
import { findContradictions } from './policy-contradictions.js';
import {
  filledDocument,
  PolicyError,
  type FilledPolicyDocument,
  type PolicyDocument,
  type PolicyIssue,
} from './policy-document.js';
import { layersOf, type Layer } from './policy-layers.js';
import type { Run } from './run.js';
import { thresholdsOf, type Thresholds } from './thresholds.js';

/** A policy ready to judge runs. Made by `createPolicy`. */
export type Policy = {
  /** The document with every default filled in and every duration in its shortest form. */
  readonly document: FilledPolicyDocument;
  /** The cascade resolved for one run. */
  readonly thresholdsFor: (run: Run) => Thresholds;
};

/** How many resolved combinations are cached before the cache is cleared, which bounds it under millions of types. */
const MEMORY_LIMIT = 20_000;

/**
 * Makes a policy from its document.
 *
 * Rules cascade in order; a later one overrides the fields that it names.
 *
 * @throws {PolicyError} for a duration that cannot be read, or a `late` that exceeds its `stale` after the cascade.
 */
export function createPolicy(document: PolicyDocument): Policy {
  const layers = checkedLayers(document);
  const issues = findContradictions(layers, document.rules ?? []);
  if (issues.length > 0) throw new PolicyError(issues);
  return policyOf(document, layers);
}

/**
 * Makes a policy from a document that `createPolicy` has accepted elsewhere (a server's `GET /policy`), without looking for
 * contradictions again.
 *
 * @throws {PolicyError} for a duration that cannot be read.
 */
export function trustPolicy(document: PolicyDocument): Policy {
  return policyOf(document, checkedLayers(document));
}

function checkedLayers(document: PolicyDocument): Layer[] {
  const issues: PolicyIssue[] = [];
  if (!isPolicyDocument(document, issues)) throw new PolicyError(issues);
  return layersOf(document);
}

/** Resolved thresholds by the values of the fields that rules match, one level for each field. */
type Memory = Map<string | undefined, Thresholds | Memory>;

function policyOf(document: PolicyDocument, layers: readonly Layer[]): Policy {
  const rules = document.rules ?? [];
  const matches = rules.map((rule) => compileMatch(rule.match));
  const keys = matchKeys(rules.map((rule) => rule.match));
  const last = keys.length - 1;
  let memory: Memory = new Map();
  let remembered = 0;
  /** One `Thresholds` for all combinations that the same rules match: a few shared objects stay in the processor's cache. */
  const byRules = new Map<string, Thresholds>();
  const layersBehind = new WeakMap<Thresholds, readonly Layer[]>();
  const rhythms = new WeakMap<Thresholds, Map<DurationMs, Thresholds>>();
  /** The thresholds of all runs, if no rule matches by a field. */
  let common: Thresholds | undefined;

  function resolve(run: Run): Thresholds {
    const matched = matches.map((isMatch) => isMatch(run));
    const key = matched.join();
    const cached = byRules.get(key);
    if (cached !== undefined) return cached;
    const matching = layers.filter((_, index) => index === 0 || matched[index - 1] === true);
    const thresholds = thresholdsOf(matching);
    layersBehind.set(thresholds, matching);
    if (byRules.size >= MEMORY_LIMIT) byRules.clear();
    byRules.set(key, thresholds);
    return thresholds;
  }

  /** Thresholds of one combination by heartbeat interval: a source has few. */
  function inRhythm(thresholds: Thresholds, interval: DurationMs): Thresholds {
    const byInterval = rhythms.get(thresholds) ?? new Map<DurationMs, Thresholds>();
    const cached = byInterval.get(interval);
    if (cached !== undefined) return cached;
    if (byInterval.size >= MEMORY_LIMIT) byInterval.clear();
    const stretched = thresholdsOf(layersBehind.get(thresholds) ?? [], interval);
    rhythms.set(thresholds, byInterval.set(interval, stretched));
    return stretched;
  }

  function thresholdsFor(run: Run): Thresholds {
    const thresholds = known(run);
    return run.heartbeatInterval === undefined ? thresholds : inRhythm(thresholds, run.heartbeatInterval);
  }

  function known(run: Run): Thresholds {
    if (keys.length === 0) return (common ??= resolve(run));
    let node = memory;
    for (let index = 0; index < last; index++) {
      const value = keys[index]?.(run);
      let next = node.get(value) as Memory | undefined;
      if (next === undefined) node.set(value, (next = new Map()));
      node = next;
    }
    const value = keys[last]?.(run);
    const cached = node.get(value) as Thresholds | undefined;
    if (cached !== undefined) return cached;
    const resolved = resolve(run);
    if (++remembered > MEMORY_LIMIT) {
      memory = new Map();
      remembered = 0;
    } else node.set(value, resolved);
    return resolved;
  }

  return { document: filledDocument(document), thresholdsFor };
}
