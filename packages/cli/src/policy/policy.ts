import { Command } from 'commander';
import type { CliIo } from '../io.js';
import type { Finish } from '../program.js';
import { policyExplainCommand } from './policy-explain.js';
import { policyShowCommand } from './policy-show.js';
import { policyTestCommand } from './policy-test.js';

/** Builds `policy` with its three subcommands. */
export function policyCommand(io: CliIo, finish: Finish): Command {
  return new Command('policy')
    .description('What runs are judged by: show it, explain it for one kind of run, test a change of it')
    .addCommand(policyShowCommand(io, finish))
    .addCommand(policyExplainCommand(io, finish))
    .addCommand(policyTestCommand(io, finish));
}
