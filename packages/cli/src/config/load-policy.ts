import { resolve } from 'node:path';
import { PolicyError, type Policy } from '@tardy/core';
import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';
import type { Config } from './config.js';
import { parseYaml } from './parse-yaml.js';

/**
 * Loads the policy to judge by: from the file at `path`, else from the config; `undefined` if neither gives one.
 *
 * @throws {UsageError} for a file that is missing, is neither YAML nor JSON, or is not a valid policy.
 */
export async function loadPolicyFor(
  io: CliIo,
  path: string | undefined,
  config: Pick<Config, 'path' | 'folder' | 'policy' | 'confinedTo'> | undefined,
): Promise<Policy | undefined> {
  if (path !== undefined) return policyFile(io, resolve(io.cwd, path), path);
  if (config?.policy === undefined) return undefined;
  if (typeof config.policy === 'string') {
    return policyFile(io, resolve(config.folder, config.policy), config.policy, config.confinedTo);
  }
  return policyFrom(config.policy, `the policy in ${config.path}`);
}

async function policyFile(io: CliIo, path: string, shown: string, within?: string): Promise<Policy> {
  const text = await io.readFile(path, within);
  if (text === undefined) throw new UsageError(`The policy file ${shown} does not exist.`);
  return policyOfText(text, shown);
}

/**
 * The policy that a text contains.
 *
 * @throws {UsageError} for a text that is neither YAML nor JSON, or is not a valid policy.
 */
export async function policyOfText(text: string, where: string): Promise<Policy> {
  return policyFrom(await parseYaml(text, where), where);
}

/** Validates a policy document. Loads zod only here: a check by the built-in policy does not need it. */
async function policyFrom(value: unknown, where: string): Promise<Policy> {
  // Any text is valid YAML: a path that leads to a secret must not show it.
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError(`Invalid policy (${where}): it has no keys such as version, defaults and rules.`);
  }
  const { loadPolicy } = await import('@tardy/core/schema');
  try {
    return loadPolicy(value);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    const issues = error.issues.map((issue) => `  ${issue.path}: ${issue.message}`).join('\n');
    throw new UsageError(`Invalid policy (${where}):\n${issues}`);
  }
}
