import { relative, resolve } from 'node:path';
import { trustPolicy, type Policy } from '@tardy/core';
import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';
import { sanitizeLines } from '../output/sanitize.js';
import type { Config } from './config.js';
import { findConfig, type ConfigFile } from './find-config.js';
import { loadPolicyFor } from './load-policy.js';

/** What outputs call the policy of Tardy itself. */
export const BUILT_IN = 'built in';

/** The files that the command line names. */
export type SetupOptions = {
  readonly configPath: string | undefined;
  readonly policyPath: string | undefined;
  readonly caPath?: string | undefined;
};

/** The files behind a command, each read once. */
export type Setup = {
  readonly config: Config | undefined;
  /** The policy from the command line or the config; `undefined` if neither gives one. */
  readonly policy: Policy | undefined;
  /** The policy of a source that publishes none: the one above, else the built-in one. */
  readonly generalPolicy: Policy;
  /** Where the general policy comes from, in words. */
  readonly policyFrom: string;
  /** The path of the config as outputs name it. */
  readonly configShown: string | undefined;
  /** Additional certificates to trust (PEM). */
  readonly ca: string | undefined;
};

/**
 * Reads the config, the policy and the certificates.
 *
 * @throws {UsageError} for a file that is missing or invalid.
 */
export async function readSetup(io: CliIo, { configPath, policyPath, caPath }: SetupOptions): Promise<Setup> {
  const { file, unused } = await findConfig(io, configPath);
  const config = file === undefined ? undefined : await parse(file);
  if (unused !== undefined) {
    io.stderr.write(
      sanitizeLines(
        `tardy: ${unused} was found, but a CI job uses only a config that is named: --config or TARDY_CONFIG.\n`,
      ),
    );
  }
  const policy = await loadPolicyFor(io, policyPath, config);
  return {
    config,
    policy,
    generalPolicy: policy ?? trustPolicy({ version: 1 }),
    policyFrom: policy === undefined ? BUILT_IN : (policyPath ?? policyOf(io, config)),
    configShown: config === undefined ? undefined : shown(io, config.path),
    ca: caPath === undefined ? undefined : await readCa(io, caPath),
  };
}

/** zod and yaml are loaded only if there is a config to parse. */
async function parse(file: ConfigFile): Promise<Config> {
  const { parseConfig } = await import('./config.js');
  return parseConfig(file);
}

function policyOf(io: CliIo, config: Config | undefined): string {
  if (config === undefined) return BUILT_IN;
  return shown(io, typeof config.policy === 'string' ? resolve(config.folder, config.policy) : config.path);
}

/** Relative to the working directory where that is shorter, so that a report says the same wherever a checkout lies. */
function shown({ cwd }: CliIo, path: string): string {
  const way = relative(cwd, path);
  return way.length < path.length ? way : path;
}

async function readCa(io: CliIo, path: string): Promise<string> {
  const pem = await io.readFile(resolve(io.cwd, path));
  if (pem === undefined) throw new UsageError(`The certificate file ${path} does not exist.`);
  if (!pem.includes('-----BEGIN CERTIFICATE-----'))
    throw new UsageError(`${path} contains no certificate in PEM form.`);
  return pem;
}
