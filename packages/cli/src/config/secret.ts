import { resolve } from 'node:path';
import { engineOf, isFile, SOURCE_KINDS } from '@tardy/core/sources';
import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';
import type { Config } from './config.js';

const REFERENCE = /^\$\{(env|file):([^}]+)\}$/;

/** Whether the text is a reference to a secret, `${env:NAME}` or `${file:PATH}`, and not a literal one. */
export function isSecretReference(text: string): boolean {
  return REFERENCE.test(text);
}

/** Where a reference stands, and where its secret would be sent. */
export type SecretUse = {
  /** The field, for messages. */
  readonly where: string;
  /** The URL of the source. */
  readonly url: string | undefined;
  readonly config: Pick<Config, 'path' | 'folder' | 'confinedTo'>;
};

/**
 * Resolves a reference to a secret. A config that was found rather than named may use a variable only at the origin that the
 * environment ties it to or `TARDY_ALLOW_SECRETS` names, and no file.
 *
 * @throws {UsageError} for a literal secret (never shown), one that does not exist, or one that may not be sent there.
 */
export async function readSecret(io: CliIo, reference: string, use: SecretUse): Promise<string> {
  const { where, config } = use;
  const match = REFERENCE.exec(reference);
  if (match === null) {
    throw new UsageError(`${where} is a literal value.`, 'Give secrets by reference: ${env:NAME} or ${file:PATH}.');
  }
  const [, kind, name = ''] = match;
  if (config.confinedTo !== undefined) refuseUntied(io, kind, name, use);
  const value = kind === 'env' ? io.env[name] : await io.readFile(resolve(config.folder, name));
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

function refuseUntied(io: CliIo, kind: string | undefined, name: string, { where, url, config }: SecretUse): void {
  const trust = `To trust it: --config ${config.path}`;
  if (kind === 'file') {
    throw new UsageError(`${where} refers to a file, which only a config named with --config may do.`, trust);
  }
  const origin = originOf(url);
  if (origin === undefined || tiedOrigins(io.env, name).has(origin)) return;
  throw new UsageError(
    `${where} would send ${name} to ${origin}, and the config was found rather than named.`,
    `${trust}\nOr allow this use: TARDY_ALLOW_SECRETS=${name}@${origin}`,
  );
}

/** The origins that a secret variable may be sent to unasked. */
function tiedOrigins(env: CliIo['env'], name: string): ReadonlySet<string> {
  const tied = Object.values(SOURCE_KINDS).map(({ secretUrls }) => originOf(secretUrls?.(env)[name]));
  const allowed = (env['TARDY_ALLOW_SECRETS'] ?? '')
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map((entry) => {
      const at = entry.indexOf('@');
      const origin = at < 1 ? undefined : originOf(entry.slice(at + 1));
      if (origin === undefined) {
        throw new UsageError('TARDY_ALLOW_SECRETS is invalid.', 'Write it as NAME@https://host, several with commas.');
      }
      return entry.slice(0, at) === name ? origin : undefined;
    });
  return new Set([...tied, ...allowed].filter((origin) => origin !== undefined));
}

function originOf(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { origin, protocol, host } = new URL(url);
  if (protocol === 'https:' || protocol === 'http:') return origin;
  const engine = engineOf(url);
  return engine === undefined || isFile(engine) ? undefined : `${protocol}//${host}`;
}
