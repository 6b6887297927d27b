import { formatDuration } from './duration.js';
import { compileMatch, globsOf, type RunMatch } from './match.js';
import type { PolicyIssue, PolicyRule } from './policy-document.js';
import { cascade, type Layer, type ThresholdName } from './policy-layers.js';
import type { Run } from './run.js';

const CLOCKS = ['queue', 'run', 'silence', 'hold'] as const;

/** Stands for text that no rule names: only a wildcard matches it. */
const FILLER = '\u{E000}';

/**
 * Finds each `late` that would exceed its `stale` for some run, by building that run and resolving the cascade for it.
 *
 * So nothing is reported that a later rule mends. The first layer is the defaults, the others are the rules in order.
 */
export function findContradictions(layers: readonly Layer[], rules: readonly PolicyRule[]): PolicyIssue[] {
  const issues: PolicyIssue[] = [];
  const matches = rules.map((rule) => compileMatch(rule.match));
  for (const clock of CLOCKS) {
    const lateName: ThresholdName = `${clock}.late`;
    const staleName: ThresholdName = `${clock}.stale`;
    for (const [lateIndex, lateLayer] of layers.entries()) {
      const late = lateLayer.values[lateName];
      if (late === undefined) continue;
      for (const [staleIndex, staleLayer] of layers.entries()) {
        const stale = staleLayer.values[staleName];
        if (stale === undefined || late <= stale) continue;
        const run = witness([rules[lateIndex - 1]?.match ?? {}, rules[staleIndex - 1]?.match ?? {}]);
        if (run === undefined) continue;
        const { origins } = cascade(layers.filter((_, index) => index === 0 || matches[index - 1]?.(run) === true));
        if (origins[lateName] !== `${lateLayer.origin}.${lateName}`) continue;
        if (origins[staleName] !== `${staleLayer.origin}.${staleName}`) continue;
        issues.push({
          path: `${lateLayer.origin}.${lateName}`,
          message:
            `late (${formatDuration(Number(late))}) exceeds stale (${formatDuration(Number(stale))}) ` +
            `of ${staleLayer.origin}.${staleName}; lower the one or raise the other`,
        });
      }
    }
  }
  return issues;
}

/** A run that both matches hold for, as general as can be; `undefined` when there is none. */
function witness(matches: readonly RunMatch[]): Run | undefined {
  const fields: Record<string, string> = {};
  for (const name of new Set(matches.flatMap((match) => Object.keys(match)))) {
    const lists = matches.flatMap((match) => (match[name] === undefined ? [] : [globsOf(match[name])]));
    const text = commonText(lists);
    if (text === undefined) return undefined;
    fields[name] = text;
  }
  const labels: Record<string, string> = {};
  for (const [name, text] of Object.entries(fields)) {
    if (name.startsWith('labels.')) labels[name.slice('labels.'.length)] = text;
  }
  return {
    id: FILLER,
    source: fields['source'] ?? FILLER,
    type: fields['type'] ?? FILLER,
    title: FILLER,
    ...(fields['workspace'] === undefined ? {} : { workspace: { id: fields['workspace'] } }),
    ...(fields['tenant'] === undefined ? {} : { tenant: { id: fields['tenant'] } }),
    status: 'running',
    outcome: 'pending',
    attempt: 1,
    labels,
  };
}

function commonText(lists: readonly (readonly string[])[]): string | undefined {
  const [first = [], second] = lists;
  for (const one of first) {
    for (const other of second ?? ['*']) {
      const text = intersection(one, other);
      if (text !== undefined) return text;
    }
  }
  return undefined;
}

/** A text that both globs match, found over pairs of positions; `undefined` when there is none. */
function intersection(one: string, other: string): string | undefined {
  const dead = new Set<number>();
  const search = (a: number, b: number): string | undefined => {
    if (a === one.length && b === other.length) return '';
    const key = a * (other.length + 1) + b;
    if (dead.has(key)) return undefined;
    dead.add(key);
    const left = one[a];
    const right = other[b];
    if (left === '*' && right === '*')
      return extend(FILLER, search(a + 1, b + 1)) ?? search(a + 1, b) ?? search(a, b + 1);
    if (left === '*') {
      if (right === undefined) return search(a + 1, b);
      return extend(right === '?' ? FILLER : right, search(a, b + 1)) ?? search(a + 1, b);
    }
    if (right === '*') {
      if (left === undefined) return search(a, b + 1);
      return extend(left === '?' ? FILLER : left, search(a + 1, b)) ?? search(a, b + 1);
    }
    if (left === undefined || right === undefined) return undefined;
    if (left === '?') return extend(right === '?' ? FILLER : right, search(a + 1, b + 1));
    if (right === '?' || left === right) return extend(left, search(a + 1, b + 1));
    return undefined;
  };
  return search(0, 0);
}

function extend(head: string, tail: string | undefined): string | undefined {
  return tail === undefined ? undefined : head + tail;
}
