import { Command } from 'commander';
import type { Submit } from '../task.js';
import { policyExplainCommand } from './policy-explain.js';
import { policyShowCommand } from './policy-show.js';
import { policyTestCommand } from './policy-test.js';

/** Builds `policy` with its three subcommands. */
export function policyCommand(submit: Submit): Command {
  return new Command('policy')
    .description('What runs are judged by: show it, explain it for one kind of run, test a change of it')
    .addCommand(policyShowCommand(submit))
    .addCommand(policyExplainCommand(submit))
    .addCommand(policyTestCommand(submit));
}
