import { resolve } from 'node:path';
import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';

const REFERENCE = /^\$\{(env|file):([^}]+)\}$/;

/** Whether the text refers to a secret rather than being one: `${env:NAME}` or `${file:PATH}`. */
export function isSecretReference(text: string): boolean {
  return REFERENCE.test(text);
}

/**
 * Follows a reference to a secret. `folder` is what a relative file is looked for in; `where` names the place in the config.
 *
 * @throws {UsageError} for a literal secret (never shown), or a reference that leads nowhere.
 */
export async function readSecret(io: CliIo, reference: string, folder: string, where: string): Promise<string> {
  const match = REFERENCE.exec(reference);
  if (match === null) {
    throw new UsageError(
      `${where} holds a literal value.`,
      'Secrets are given by reference only: ${env:NAME} or ${file:PATH}.',
    );
  }
  const [, kind, name = ''] = match;
  const value = kind === 'env' ? io.env[name] : await io.readFile(resolve(folder, name));
  const secret = value?.trim();
  if (secret === undefined || secret === '') {
    throw new UsageError(
      kind === 'env'
        ? `${where} refers to the environment variable ${name}, which is not set.`
        : `${where} refers to the file ${name}, which ${value === undefined ? 'does not exist' : 'is empty'}.`,
    );
  }
  return secret;
}
