import { Command, CommanderError } from 'commander';
import { UsageError } from './errors.js';
import { EXIT } from './exit-code.js';
import type { CliIo } from './io.js';
import type { Submit, Task } from './task.js';
import { VERSION } from './version.js';

/**
 * Runs one command line and gives its exit code: arguments become a task, and the task is done.
 *
 * @throws {UsageError} for whatever the caller can fix.
 */
export async function runProgram(io: CliIo, argv: readonly string[]): Promise<number> {
  const task = await readTask(argv, io.stdout.write);
  return task === undefined ? EXIT.OK : task(io);
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
    if (error.code === 'commander.help') throw new UsageError('A command is missing.', 'See tardy --help.');
    throw new UsageError(error.message.replace(/^error: /, ''), 'See tardy --help.');
  }
  return task;
}

type Build = (submit: Submit) => Command;

/** Each command's code is loaded only when it runs, so that none pays for the start of another. */
const COMMANDS: Readonly<Record<string, () => Promise<Build>>> = {
  check: async () => (await import('./check/check.js')).checkCommand,
  notify: async () => (await import('./notify/notify.js')).notifyCommand,
  list: async () => (await import('./list/list.js')).listCommand,
  show: async () => (await import('./show/show.js')).showCommand,
  policy: async () => (await import('./policy/policy.js')).policyCommand,
  backtest: async () => (await import('./backtest/backtest.js')).backtestCommand,
  serve: async () => (await import('./serve/serve.js')).serveCommand,
  doctor: async () => (await import('./doctor/doctor.js')).doctorCommand,
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
    .showHelpAfterError(false);
  const names = named !== undefined && Object.hasOwn(COMMANDS, named) ? [named] : Object.keys(COMMANDS);
  const builds = await Promise.all(names.flatMap((name) => COMMANDS[name]?.() ?? []));
  for (const build of builds) program.addCommand(build(submit));
  inheritSettings(program);
  return program;
}

function inheritSettings(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    inheritSettings(child);
  }
}
