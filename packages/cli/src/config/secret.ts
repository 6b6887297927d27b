import { resolve } from 'node:path';
import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';

const REFERENCE = /^\$\{(env|file):([^}]+)\}$/;

/** Whether the text is a reference to a secret, `${env:NAME}` or `${file:PATH}`, and not a literal one. */
export function isSecretReference(text: string): boolean {
  return REFERENCE.test(text);
}

/**
 * Resolves a reference to a secret. Relative files are resolved against `folder`; `where` names the field in messages.
 *
 * @throws {UsageError} for a literal secret (never shown) or a secret that does not exist.
 */
export async function readSecret(io: CliIo, reference: string, folder: string, where: string): Promise<string> {
  const match = REFERENCE.exec(reference);
  if (match === null) {
    throw new UsageError(`${where} is a literal value.`, 'Give secrets by reference: ${env:NAME} or ${file:PATH}.');
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
