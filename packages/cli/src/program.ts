import { Command, CommanderError } from 'commander';
import { UsageError } from './errors.js';
import type { CliIo } from './io.js';
import { VERSION } from './version.js';

/** What a command reports back: its exit code. */
export type Finish = (exitCode: number) => void;

/**
 * Runs one command line and gives its exit code.
 *
 * Each command's code is loaded only when it runs, so that none pays for another's start.
 *
 * @throws {UsageError} for whatever the caller can mend.
 */
export async function runProgram(io: CliIo, argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const finish: Finish = (code) => {
    exitCode = code;
  };
  const program = await buildProgram(io, finish, argv[0]);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // commander has printed help or the version.
    if (error.exitCode === 0) return 0;
    // What commander says of a missing command is meant for programs.
    if (error.code === 'commander.help') throw new UsageError('A command is missing.', 'See tardy --help.');
    throw new UsageError(error.message.replace(/^error: /, ''), 'See tardy --help.');
  }
  return exitCode;
}

type Build = (io: CliIo, finish: Finish) => Command;

const COMMANDS: Readonly<Record<string, () => Promise<Build>>> = {
  check: async () => (await import('./check/check.js')).checkCommand,
  list: async () => (await import('./list/list.js')).listCommand,
  show: async () => (await import('./show/show.js')).showCommand,
  policy: async () => (await import('./policy/policy.js')).policyCommand,
  doctor: async () => (await import('./doctor/doctor.js')).doctorCommand,
};

/** Builds the command that is `named`; all of them where it is none, for the help and for what to say of a misspelt one. */
async function buildProgram(io: CliIo, finish: Finish, named: string | undefined): Promise<Command> {
  const program = new Command('tardy')
    .description('Finds runs that say "running" long after their worker died. It only reads.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: () => {}, outputError: () => {} })
    .showHelpAfterError(false);
  const names = named !== undefined && Object.hasOwn(COMMANDS, named) ? [named] : Object.keys(COMMANDS);
  const builds = await Promise.all(names.flatMap((name) => COMMANDS[name]?.() ?? []));
  for (const build of builds) program.addCommand(build(io, finish));
  inheritSettings(program);
  return program;
}

function inheritSettings(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    inheritSettings(child);
  }
}
