import { resolve } from 'node:path';
import { matchesGlob } from '@tardy/core';
import {
  DEFAULT_LEARN_OPTIONS,
  learn,
  learnedRules,
  wornRules,
  type LearnedClock,
  type LearnOptions,
} from '@tardy/core/learn';
import { Command, Option } from 'commander';
import { readRate } from '../backtest/promises.js';
import { policyOfText } from '../config/load-policy.js';
import { UsageError } from '../errors.js';
import { EXIT } from '../exit-code.js';
import { readHistoryOptions, withHistoryOptions, type HistoryFlags } from '../history/history-options.js';
import { readHistory, type HistoryReading } from '../history/read-history.js';
import type { CliIo } from '../io.js';
import { terminalOf } from '../output-options.js';
import { jsonText } from '../output/json.js';
import { sanitizeLines } from '../output/sanitize.js';
import { countFlag } from '../read/common-options.js';
import type { Submit } from '../task.js';
import { LEARN_FORMATS, type LearnCommandOptions, type LearnFacts } from './learn-facts.js';
import { learnJson } from './learn-json.js';
import { learnText } from './learn-text.js';
import { rulesYaml, withLearnedRules } from './learn-yaml.js';
import { planOf, untouched, type Plan } from './plan.js';

type LearnFlags = HistoryFlags & {
  readonly policy?: string;
  readonly target?: string;
  readonly confidence: string;
  readonly minRuns: string;
  readonly type?: string;
  readonly clock: string;
  readonly write?: string;
  readonly diff?: boolean;
  readonly exitCode?: boolean;
  readonly format: LearnCommandOptions['format'];
};

const CLOCKS: readonly LearnedClock[] = ['run', 'queue', 'silence'];

/** Builds `learn`: flags in, options out. `run` is replaced in tests of the flags. */
export function learnCommand(submit: Submit, run = runLearn): Command {
  const command = new Command('learn').description(
    'Propose thresholds for each type from a history of runs, with the evidence for each number, or say why not',
  );
  return withHistoryOptions(command)
    .option('-p, --policy <file>', 'policy to compare with (default: the file of --write, else the one in the config)')
    .option('--target <list>', 'false alarms to allow per run: stale=1/1000,late=5/1000')
    .option('--confidence <share>', 'how sure a bound must be', '95%')
    .option('--min-runs <number>', 'runs that a type needs, at least 20', '20')
    .option('--type <glob>', 'only types that match')
    .option('--clock <list>', 'what to learn: run, queue, silence', 'run')
    .option('--write <file>', 'put the rules into this policy file; rules written by hand stay, after them')
    .option('--diff', 'print what would change in the policy')
    .option('--exit-code', 'exit 1 if the policy should change')
    .addOption(new Option('-f, --format <format>', 'output').choices(LEARN_FORMATS).default('text'))
    .addHelpText('after', HELP)
    .action((targets: string[], flags: LearnFlags) => {
      const options: LearnCommandOptions = {
        ...readHistoryOptions(flags),
        targets,
        policyPath: flags.policy ?? flags.write,
        clocks: readClocks(flags.clock),
        learning: readLearning(flags),
        typeGlob: flags.type,
        writePath: flags.write,
        diff: flags.diff ?? false,
        exitCode: flags.exitCode ?? false,
        format: flags.format,
      };
      submit((io) => run(io, options));
    });
}

/** Reads the history, learns from it and prints what it proposes; with `--write` it also writes. */
export async function runLearn(io: CliIo, options: LearnCommandOptions): Promise<number> {
  const file = options.writePath === undefined ? undefined : await io.readFile(resolve(io.cwd, options.writePath));
  const known = options.policyPath === options.writePath && file === undefined ? undefined : options.policyPath;
  const reading = await readHistory(io, options.targets, options, known);
  const at = options.at ?? io.now();
  const lessons = learn(reading.history, options.clocks, options.learning).map((lesson) => {
    const { typeGlob } = options;
    if (typeGlob === undefined) return lesson;
    const kept = lesson.types.flatMap((proposal, index) =>
      matchesGlob(typeGlob, proposal.type ?? '') ? [{ proposal, bars: lesson.histograms[index] ?? [] }] : [],
    );
    return { ...lesson, types: kept.map(({ proposal }) => proposal), histograms: kept.map(({ bars }) => bars) };
  });
  const rules = learnedRules(lessons, options.learning, at);
  const policy = reading.setup.generalPolicy;
  const plan = planOf(policy, rules, lessons);
  const exitCode = exitCodeOf(reading, rules.length, plan, options);
  const worn = wornRules(reading.history, policy);
  const facts: LearnFacts = { reading, lessons, rules, policy, plan, worn, options, exitCode };
  if (options.writePath !== undefined && rules.length > 0) await write(io, options.writePath, file ?? '', facts);
  io.stdout.write(await outputOf(io, facts, at));
  return exitCode;
}

async function outputOf(io: CliIo, facts: LearnFacts, at: number): Promise<string> {
  const { options, rules } = facts;
  switch (options.format) {
    case 'text':
      return learnText(facts, terminalOf(io, io.stdout, options));
    case 'yaml':
      return sanitizeLines(`version: 1\nrules:\n${rulesYaml(rules, [], options.learning)}`);
    case 'json':
      return jsonText(learnJson(facts, at));
    case 'html': {
      const { learnHtml } = await import('./learn-html.js');
      return learnHtml(facts, at);
    }
  }
}

/** Writes the rules, once it is certain that the file will still be a valid policy. */
async function write(io: CliIo, path: string, text: string, facts: LearnFacts): Promise<void> {
  const { rules, policy, plan, options } = facts;
  const kept = untouched(policy, plan);
  const next = withLearnedRules(text, (indent) => rulesYaml(rules, kept, options.learning, indent), path);
  await policyOfText(next, `${path} with the learned rules`);
  await io.writeFile(resolve(io.cwd, path), next);
  io.stderr.write(sanitizeLines(`tardy: wrote ${rules.length} learned rules to ${path}\n`));
}

function exitCodeOf(
  { complete }: HistoryReading,
  learned: number,
  { changes }: Plan,
  { exitCode }: LearnCommandOptions,
): number {
  if (!complete || learned === 0) return EXIT.CANNOT_TELL;
  return exitCode && changes.some(({ kind }) => kind !== 'keep') ? EXIT.FOUND : EXIT.OK;
}

function readClocks(list: string): LearnedClock[] {
  return list.split(',').map((name) => {
    const clock = CLOCKS.find((known) => known === name.trim());
    if (clock === undefined) throw new UsageError(`--clock: unknown clock "${name}".`, `Clocks: ${CLOCKS.join(', ')}.`);
    return clock;
  });
}

function readLearning(flags: LearnFlags): LearnOptions {
  const targets = { ...DEFAULT_LEARN_OPTIONS.targets };
  for (const pair of flags.target === undefined ? [] : flags.target.split(',')) {
    const [level = '', rate = ''] = pair.split('=').map((part) => part.trim());
    if (level !== 'late' && level !== 'stale') {
      throw new UsageError(`--target "${pair}" is not a target.`, 'Write it as stale=1/1000,late=5/1000.');
    }
    targets[level] = readRate('--target', rate);
  }
  const confidence = readRate('--confidence', flags.confidence);
  if (confidence < 0.5 || confidence >= 1) throw new UsageError('--confidence must be between 50% and 99.9%.');
  const minRuns = countFlag('--min-runs', flags.minRuns);
  if (minRuns < DEFAULT_LEARN_OPTIONS.minRuns) {
    throw new UsageError('--min-runs cannot be less than 20: the longest of fewer runs says next to nothing.');
  }
  return { ...DEFAULT_LEARN_OPTIONS, targets, confidence, minRuns };
}

const HELP = `
It writes nothing unless --write is given.

Exit codes:
  0  thresholds were proposed
  1  with --exit-code: the policy should change
  2  usage, config or policy error
  3  nothing could be learned, or the history is incomplete

Examples:
  tardy learn runs.csv --as ci
  tardy learn ci --since 180d --diff
  tardy learn ci --write tardy.policy.yaml`;
