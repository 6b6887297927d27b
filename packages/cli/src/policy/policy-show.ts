import { policyDigest } from '@tardy/core/digest';
import { Command } from 'commander';
import { readSetup } from '../config/setup.js';
import { EXIT } from '../exit-code.js';
import type { CliIo } from '../io.js';
import { sanitizeInline, sanitizeLines } from '../output/sanitize.js';
import { jsonText } from '../output/json.js';
import type { Submit } from '../task.js';
import { readPolicyOptions, withPolicyOptions, type PolicyFlags, type PolicyOptions } from './policy-options.js';

/** Builds `policy show`: flags in, options out. */
export function policyShowCommand(submit: Submit, run = runPolicyShow): Command {
  return withPolicyOptions(
    new Command('show').description('Print the policy with every default filled in, as a policy file'),
  ).action((flags: PolicyFlags) => {
    const options = readPolicyOptions(flags);
    submit((io) => run(io, options));
  });
}

/** Prints the policy; reading the output as a policy gives the same policy. */
async function runPolicyShow(io: CliIo, options: PolicyOptions): Promise<number> {
  const { generalPolicy: policy, policyFrom: from } = await readSetup(io, options);
  const digest = policyDigest(policy);
  if (options.json) {
    io.stdout.write(jsonText({ ...policy.document, digest }));
    return EXIT.OK;
  }
  const { stringify } = await import('../config/yaml-parser.js');
  io.stdout.write(`# ${sanitizeInline(from)}\n# ${digest}\n${sanitizeLines(stringify(policy.document))}`);
  return EXIT.OK;
}
