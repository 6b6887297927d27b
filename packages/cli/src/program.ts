import { Command, CommanderError } from 'commander';
import { UsageError } from './errors.js';
import { EXIT } from './exit-code.js';
import type { CliIo } from './io.js';
import type { CommandTree, Submit, Task } from './task.js';
import { VERSION } from './version.js';

/**
 * Runs one command line and gives its exit code: arguments become a task, and the task is done.
 *
 * @throws {UsageError} for whatever the caller can fix.
 */
export async function runProgram(io: CliIo, argv: readonly string[]): Promise<number> {
  if (isPlugin(argv)) {
    const { runAsPlugin } = await import('./run-as-plugin.js');
    return runAsPlugin(io, () => runTask(io, argv));
  }
  return (await runTask(io, argv)) ?? EXIT.OK;
}

/** The exit code of the task; `undefined` where the arguments asked for help. */
async function runTask(io: CliIo, argv: readonly string[]): Promise<number | undefined> {
  const task = await readTask(argv, io.stdout.write);
  return task?.(io);
}

/** Whether a monitoring system reads stdout and the exit code. Asked before anything is parsed: a wrong flag is to be reported too. */
function isPlugin(argv: readonly string[]): boolean {
  const lists = argv.flatMap((argument, index) => {
    if (argument === '-f' || argument === '--format') return [argv[index + 1] ?? ''];
    return argument.startsWith('--format=') || /^-f./.test(argument)
      ? [argument.replace(/^(?:--format=|-f=?)/, '')]
      : [];
  });
  return lists.some((list) => list.split(',').includes('nagios'));
}

/** What the arguments ask for; `undefined` where that was help, which `print` has received. */
async function readTask(argv: readonly string[], print: (text: string) => void): Promise<Task | undefined> {
  let task: Task | undefined;
  const program = await buildProgram((submitted) => void (task = submitted), print, argv[0]);
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // commander has printed help or the version.
    if (error.exitCode === 0) return undefined;
    // commander's own message for a missing command is written for programs.
    const command = commandOf(program, argv);
    if (error.code === 'commander.help') throw new UsageError('A command is missing.', shortHelp(command));
    throw new UsageError(error.message.replace(/^error: /, ''), shortHelp(command));
  }
  return task;
}

/** The command that the arguments name, as far as they name one. */
function commandOf(program: Command, argv: readonly string[]): Command {
  let command = program;
  for (const argument of argv) {
    const next = command.commands.find((child) => child.name() === argument);
    if (next === undefined) break;
    command = next;
  }
  return command;
}

/** How a command is written, and where its help is; for one that has commands of its own, which. */
function shortHelp(command: Command): string {
  const names = [];
  for (let one: Command | null = command; one !== null; one = one.parent) names.unshift(one.name());
  const path = names.join(' ');
  const lines = command.commands.map((child) => `  ${path} ${child.name().padEnd(8)} ${child.description()}`);
  const usage = lines.length === 0 ? [`Usage: ${path} ${command.usage()}`] : ['Commands:', ...lines];
  return [...usage, `See ${path} --help.`].join('\n');
}

type Build = (submit: Submit) => Command;

/** Each command's code is loaded only when it runs, so that none pays for the start of another. */
const COMMANDS: Readonly<Record<string, () => Promise<Build>>> = {
  check: async () => (await import('./check/check.js')).checkCommand,
  notify: async () => (await import('./notify/notify.js')).notifyCommand,
  list: async () => (await import('./list/list.js')).listCommand,
  show: async () => (await import('./show/show.js')).showCommand,
  policy: async () => (await import('./policy/policy.js')).policyCommand,
  record: async () => (await import('./record/record.js')).recordCommand,
  learn: async () => (await import('./learn/learn.js')).learnCommand,
  backtest: async () => (await import('./backtest/backtest.js')).backtestCommand,
  report: async () => (await import('./report/report.js')).reportCommand,
  open: async () => (await import('./open/open.js')).openCommand,
  watch: async () => (await import('./watch/watch.js')).watchCommand,
  serve: async () => (await import('./serve/serve.js')).serveCommand,
  init: async () => (await import('./init/init.js')).initCommand,
  doctor: async () => (await import('./doctor/doctor.js')).doctorCommand,
  completion: async () => (await import('./completion/completion.js')).completionCommand,
  man: async () => {
    const { manCommand } = await import('./help/man.js');
    return (submit) => manCommand(submit, allCommands);
  },
  help: async () => {
    const { helpCommand } = await import('./help/help.js');
    return (submit) => helpCommand(submit, allCommands);
  },
};

/** What shells ask, and nobody types: in no help. */
const HIDDEN: Readonly<Record<string, () => Promise<Build>>> = {
  __complete: async () => {
    const { completeCommand } = await import('./completion/completion.js');
    return (submit) => completeCommand(submit, allCommands);
  },
};

/** Builds the command that is `named`, or all of them where there is none of that name: help and suggestions need them. */
async function buildProgram(
  submit: Submit,
  print: (text: string) => void,
  named: string | undefined,
): Promise<Command> {
  const program = new Command('tardy')
    .description('Finds runs that say "running" long after their worker died. It only reads.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: () => {}, outputError: () => {} })
    .helpCommand(false)
    .showHelpAfterError(false)
    .addHelpText('after', EXAMPLES);
  const all = { ...COMMANDS, ...HIDDEN };
  const names = named !== undefined && Object.hasOwn(all, named) ? [named] : Object.keys(COMMANDS);
  const builds = await Promise.all(names.flatMap((name) => all[name]?.() ?? []));
  for (const build of builds) program.addCommand(build(submit));
  inheritSettings(program);
  return program;
}

/** The tree of all commands, which does nothing. */
const allCommands: CommandTree = () =>
  buildProgram(
    () => {},
    () => {},
    undefined,
  );

function inheritSettings(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    inheritSettings(child);
  }
}

const EXAMPLES = `
Examples:
  tardy check github:acme/web           is a workflow run stuck?
  tardy check file:runs.json            the same for runs in a file
  tardy list --tab attention            what needs attention, of every source of the config
  tardy show github:acme/web 481516     one run, and why it is judged so

Documentation: https://git.example/tardy/tardy`;
