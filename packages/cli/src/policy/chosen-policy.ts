import { trustPolicy, type Policy } from '@tardy/core';
import { Option, type Command } from 'commander';
import { loadPolicyFor } from '../config/load-policy.js';
import type { CliIo } from '../io.js';

/** The flags of every subcommand of `policy`, as commander gives them. */
export type PolicyFlags = {
  readonly config?: string;
  readonly policy?: string;
  readonly color?: boolean;
  readonly json?: boolean;
};

/** These flags, parsed. */
export type PolicyOptions = {
  readonly configPath: string | undefined;
  readonly policyPath: string | undefined;
  readonly color: boolean | undefined;
  readonly json: boolean;
};

/** A policy and where it comes from, in words. */
export type ChosenPolicy = { readonly policy: Policy; readonly from: string };

/** Adds the flags of every subcommand of `policy`. */
export function withPolicyOptions(command: Command): Command {
  return command
    .option(
      '-c, --config <file>',
      'config file (default: tardy.config.yaml, .yml or .json in this folder or the closest one above)',
    )
    .option('-p, --policy <file>', 'policy file; overrides the policy in the config')
    .option('--json', 'print JSON')
    .addOption(new Option('--color', 'use color even without a terminal').conflicts('noColor'))
    .addOption(new Option('--no-color', 'do not use color'));
}

/** Parses these flags. */
export function readPolicyOptions(flags: PolicyFlags): PolicyOptions {
  return {
    configPath: flags.config,
    policyPath: flags.policy,
    color: flags.color,
    json: flags.json ?? false,
  };
}

/** The policy of a check whose sources publish none: from the flag, else from the config, else the built-in one. */
export async function choosePolicy(
  io: CliIo,
  { policyPath, configPath }: Pick<PolicyOptions, 'policyPath' | 'configPath'>,
): Promise<ChosenPolicy> {
  if (policyPath !== undefined) {
    const policy = await loadPolicyFor(io, policyPath, undefined);
    if (policy !== undefined) return { policy, from: policyPath };
  }
  // Loaded only when needed: zod takes time.
  const { readConfig } = await import('../config/config.js');
  const config = await readConfig(io, configPath);
  const policy =
    config === undefined
      ? undefined
      : await loadPolicyFor(io, undefined, { value: config.policy, configPath: config.path });
  if (config !== undefined && policy !== undefined) return { policy, from: config.path };
  return { policy: trustPolicy({ version: 1 }), from: 'built in' };
}
