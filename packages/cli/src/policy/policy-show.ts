import { policyDigest } from '@tardy/core/digest';
import { Command } from 'commander';
import type { CliIo } from '../io.js';
import { harmlessInline, harmlessLines } from '../output/harmless.js';
import { jsonText } from '../output/json.js';
import type { Finish } from '../program.js';
import {
  choosePolicy,
  readPolicyOptions,
  withPolicyOptions,
  type PolicyFlags,
  type PolicyOptions,
} from './chosen-policy.js';

/** Builds `policy show`: flags in, options out. */
export function policyShowCommand(io: CliIo, finish: Finish, run = runPolicyShow): Command {
  return withPolicyOptions(
    new Command('show').description('The policy with every default filled in, as a file that can be used in its place'),
  ).action(async (flags: PolicyFlags) => {
    finish(await run(io, readPolicyOptions(flags)));
  });
}

/** Prints the policy; what is printed says the same when it is read as a policy. */
async function runPolicyShow(io: CliIo, options: PolicyOptions): Promise<number> {
  const { policy, from } = await choosePolicy(io, options);
  const digest = policyDigest(policy);
  if (options.json) {
    io.stdout.write(jsonText({ ...policy.document, digest }));
    return 0;
  }
  const { stringify } = await import('../config/yaml-parser.js');
  io.stdout.write(`# ${harmlessInline(from)}\n# ${digest}\n${harmlessLines(stringify(policy.document))}`);
  return 0;
}
