import { resolve } from 'node:path';
import { trustPolicy, type Policy } from '@tardy/core';
import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';
import type { Config } from './config.js';
import { findConfig } from './find-config.js';
import { loadPolicyFor } from './load-policy.js';

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
  /** Additional certificates to trust (PEM). */
  readonly ca: string | undefined;
};

/**
 * Reads the config, the policy and the certificates.
 *
 * @throws {UsageError} for a file that is missing or invalid.
 */
export async function readSetup(io: CliIo, { configPath, policyPath, caPath }: SetupOptions): Promise<Setup> {
  const config = await readConfig(io, configPath);
  const policy = await loadPolicyFor(
    io,
    policyPath,
    config === undefined ? undefined : { value: config.policy, configPath: config.path },
  );
  return {
    config,
    policy,
    generalPolicy: policy ?? trustPolicy({ version: 1 }),
    policyFrom: policy === undefined ? 'built in' : (policyPath ?? config?.path ?? 'built in'),
    ca: caPath === undefined ? undefined : await readCa(io, caPath),
  };
}

/** zod and yaml are loaded only if there is a config to parse. */
async function readConfig(io: CliIo, path: string | undefined): Promise<Config | undefined> {
  const file = await findConfig(io, path);
  if (file === undefined) return undefined;
  const { parseConfig } = await import('./config.js');
  return parseConfig(file);
}

async function readCa(io: CliIo, path: string): Promise<string> {
  const pem = await io.readFile(resolve(io.cwd, path));
  if (pem === undefined) throw new UsageError(`The certificate file ${path} does not exist.`);
  if (!pem.includes('-----BEGIN CERTIFICATE-----'))
    throw new UsageError(`${path} contains no certificate in PEM form.`);
  return pem;
}
