import { Command } from 'commander';
import type { Submit } from '../task.js';
import { policyExplainCommand } from './policy-explain.js';
import { policyShowCommand } from './policy-show.js';
import { policyTestCommand } from './policy-test.js';

/** Builds `policy` with its three subcommands. */
export function policyCommand(submit: Submit): Command {
  return new Command('policy')
    .description('Show the policy, explain it for one kind of run, or test a change to it')
    .addCommand(policyShowCommand(submit))
    .addCommand(policyExplainCommand(submit))
    .addCommand(policyTestCommand(submit));
}
