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
  const program = await buildProgram(io, finish);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // commander has printed help or the version.
    if (error.exitCode === 0) return 0;
    throw new UsageError(error.message.replace(/^error: /, ''), 'See tardy --help.');
  }
  return exitCode;
}

async function buildProgram(io: CliIo, finish: Finish): Promise<Command> {
  const program = new Command('tardy')
    .description('Finds runs that say "running" long after their worker died. It only reads.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: () => {}, outputError: () => {} })
    .showHelpAfterError(false);
  const { checkCommand } = await import('./check/check.js');
  program.addCommand(checkCommand(io, finish));
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}
