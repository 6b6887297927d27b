import type { PolicyRule } from '@tardy/core';
import type { LearnedRule, LearnOptions } from '@tardy/core/learn';
import { UsageError } from '../errors.js';
import { sanitizeInline } from '../output/sanitize.js';
import { basisWords, percentWords, rateWords, thresholdWords } from './learn-words.js';
import { clockOf } from './plan.js';

/** Begins the learned rules of a policy file. */
const BEGIN = '# learned by tardy learn';
/** Ends them. */
const END = '# end of the learned rules; rules after this line are written by hand and win';

/** The learned rules as YAML, each number explained, between the two lines that mark them. */
export function rulesYaml(
  rules: readonly LearnedRule[],
  kept: readonly PolicyRule[],
  options: LearnOptions,
  indent = '  ',
): string {
  const { late, stale } = options.targets;
  const at = rules[0]?.rule.learned?.at ?? kept[0]?.learned?.at ?? '';
  const lines = [
    `${BEGIN} on ${at}; target: stale ${rateWords(stale)}, late ${rateWords(late)}, ${percentWords(options.confidence)} sure`,
    ...kept.flatMap((rule) => ruleLines(rule, '', '')),
    ...rules.flatMap(({ rule, proposal }) => {
      const { verdict } = proposal;
      if (!verdict.learned) return [];
      const words = [verdict.late, verdict.stale].map((one) => thresholdWords(one, proposal, options.confidence));
      return ruleLines(rule, basisWords(proposal), words.join(', '));
    }),
    END,
  ];
  return lines.map((line) => `${indent}${line}\n`).join('');
}

function ruleLines(rule: PolicyRule, basis: string, explained: string): string[] {
  const clock = clockOf(rule);
  return [
    `- match: ${flow(rule.match)}${comment(basis)}`,
    `  ${clock}: ${flow(rule[clock] ?? {})}${comment(explained)}`,
    `  learned: ${flow(rule.learned ?? {})}`,
  ];
}

function comment(words: string): string {
  return words === '' ? '' : ` # ${sanitizeInline(words)}`;
}

/** A value on one line: JSON, which is YAML, without the quotes that plain words do not need. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([key, inner]) => `${key}: ${flow(inner)}`)
      .join(', ')} }`;
  }
  return typeof value === 'string' && PLAIN.test(value) && !WORDS_OF_YAML.test(value) ? value : JSON.stringify(value);
}

/** A name or a duration. */
const PLAIN = /^(?:[A-Za-z][\w/.-]*|(?:\d+(?:d|h|ms|m|s))+)$/;

/** What YAML 1.1 or 1.2 takes for something else than text. */
const WORDS_OF_YAML = /^(?:null|true|false|yes|no|on|off|y|n)$/i;

/**
 * A policy file with these learned rules in place of the old ones; everything else stays byte for byte.
 *
 * @throws {UsageError} for a file whose rules stand in one line, or whose marks are damaged.
 */
export function withLearnedRules(text: string, yamlOf: (indent: string) => string, where: string): string {
  const lines = text === '' ? ['version: 1'] : text.replace(/\n$/, '').split('\n');
  const begin = lines.findIndex((line) => line.trimStart().startsWith(BEGIN));
  const end = lines.findIndex((line) => line.trimStart() === END);
  if (begin >= 0 !== end >= 0 || end < begin) {
    throw new UsageError(
      `${where}: only one of the two lines that mark the learned rules is there.`,
      `They are "${BEGIN} …" and "${END}".`,
    );
  }
  if (begin >= 0) {
    const indent = /^\s*/.exec(lines[begin] ?? '')?.[0] ?? '';
    return joined(lines.slice(0, begin), yamlOf(indent), lines.slice(end + 1));
  }
  const rules = lines.findIndex((line) => /^rules\s*:/.test(line));
  if (rules < 0) return joined([...lines, 'rules:'], yamlOf('  '), []);
  if (!/^rules\s*:\s*(?:#.*)?$/.test(lines[rules] ?? '')) {
    throw new UsageError(
      `${where}: its rules stand in one line.`,
      'Write them as a list below "rules:", each beginning with a dash.',
    );
  }
  const first = lines.slice(rules + 1).find((line) => /^\s*-/.test(line));
  const indent = first === undefined ? '  ' : (/^\s*/.exec(first)?.[0] ?? '');
  return joined(lines.slice(0, rules + 1), yamlOf(indent), lines.slice(rules + 1));
}

function joined(before: readonly string[], rules: string, after: readonly string[]): string {
  return [...before, rules.replace(/\n$/, ''), ...after].map((line) => `${line}\n`).join('');
}
