import { Option, type Command } from 'commander';

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
