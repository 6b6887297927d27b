import { resolve } from 'node:path';
import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';

/** A token that can be guessed protects nothing. */
const LEAST_LENGTH = 16;

/**
 * Reads the token of `--auth`. It is given by reference, since every user of a machine sees the arguments of its processes.
 *
 * @throws {UsageError} for a literal one (never shown), one that is missing and one that is short.
 */
export async function readServeToken(io: CliIo, reference: string): Promise<string> {
  const match = /^(?:\$\{)?(env|file):([^}]+)\}?$/.exec(reference);
  if (match === null) {
    throw new UsageError(
      '--auth is not a reference.',
      'Other users see arguments, so say where the token is: --auth env:TARDY_SERVE_TOKEN or --auth file:/run/secrets/token',
    );
  }
  const [, kind, name = ''] = match;
  const found = kind === 'env' ? io.env[name] : await io.readFile(resolve(io.cwd, name));
  const token = found?.trim() ?? '';
  const where = kind === 'env' ? `the environment variable ${name}` : `the file ${name}`;
  if (token === '') throw new UsageError(`--auth refers to ${where}, which is not there or empty.`);
  if (token.length < LEAST_LENGTH || /\s/.test(token)) {
    throw new UsageError(
      `The token in ${where} must have at least ${LEAST_LENGTH} characters and no spaces.`,
      'Make one: openssl rand -hex 32',
    );
  }
  return token;
}
