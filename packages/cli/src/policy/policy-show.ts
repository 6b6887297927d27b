import { policyDigest } from '@tardy/core/digest';
import { Command } from 'commander';
import { EXIT } from '../exit-code.js';
import type { CliIo } from '../io.js';
import { harmlessInline, harmlessLines } from '../output/harmless.js';
import { jsonText } from '../output/json.js';
import type { Submit } from '../task.js';
import {
  choosePolicy,
  readPolicyOptions,
  withPolicyOptions,
  type PolicyFlags,
  type PolicyOptions,
} from './chosen-policy.js';

/** Builds `policy show`: flags in, options out. */
export function policyShowCommand(submit: Submit, run = runPolicyShow): Command {
  return withPolicyOptions(
    new Command('show').description('The policy with every default filled in, as a file that can be used in its place'),
  ).action((flags: PolicyFlags) => {
    const options = readPolicyOptions(flags);
    submit((io) => run(io, options));
  });
}

/** Prints the policy; what is printed says the same when it is read as a policy. */
async function runPolicyShow(io: CliIo, options: PolicyOptions): Promise<number> {
  const { policy, from } = await choosePolicy(io, options);
  const digest = policyDigest(policy);
  if (options.json) {
    io.stdout.write(jsonText({ ...policy.document, digest }));
    return EXIT.OK;
  }
  const { stringify } = await import('../config/yaml-parser.js');
  io.stdout.write(`# ${harmlessInline(from)}\n# ${digest}\n${harmlessLines(stringify(policy.document))}`);
  return EXIT.OK;
}
