import { trustPolicy, type Policy } from '@tardy/core';
import { Option, type Command } from 'commander';
import { loadPolicyFor } from '../config/load-policy.js';
import type { CliIo } from '../io.js';

/** The flags that every subcommand of `policy` has, as commander gives them. */
export type PolicyFlags = {
  readonly config?: string;
  readonly policy?: string;
  readonly color?: boolean;
  readonly json?: boolean;
};

/** The same, read. */
export type PolicyOptions = {
  readonly configPath: string | undefined;
  readonly policyPath: string | undefined;
  readonly color: boolean | undefined;
  readonly json: boolean;
};

/** A policy and where it comes from, for people. */
export type ChosenPolicy = { readonly policy: Policy; readonly from: string };

/** Adds these flags. */
export function withPolicyOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'config file (default: tardy.config.yaml or .json, found upward)')
    .option('-p, --policy <file>', 'policy to use, in place of the one in the config')
    .option('--json', 'print JSON')
    .addOption(new Option('--color', 'colours even where there is no terminal').conflicts('noColor'))
    .addOption(new Option('--no-color', 'no colours'));
}

/** Reads them. */
export function readPolicyOptions(flags: PolicyFlags): PolicyOptions {
  return {
    configPath: flags.config,
    policyPath: flags.policy,
    color: flags.color,
    json: flags.json ?? false,
  };
}

/** The policy that a check would judge by where its sources publish none: of the flag, else of the config, else the built-in one. */
export async function choosePolicy(
  io: CliIo,
  { policyPath, configPath }: Pick<PolicyOptions, 'policyPath' | 'configPath'>,
): Promise<ChosenPolicy> {
  if (policyPath !== undefined) {
    const policy = await loadPolicyFor(io, policyPath, undefined);
    if (policy !== undefined) return { policy, from: policyPath };
  }
  // zod is loaded only where it is needed.
  const { readConfig } = await import('../config/config.js');
  const config = await readConfig(io, configPath);
  const policy =
    config === undefined
      ? undefined
      : await loadPolicyFor(io, undefined, { value: config.policy, configPath: config.path });
  if (config !== undefined && policy !== undefined) return { policy, from: config.path };
  return { policy: trustPolicy({ version: 1 }), from: 'built in' };
}
