import { join, resolve } from 'node:path';
import { engineOf, isFile, presetKinds, sourceKind, type SourceUri } from '@tardy/core/sources';
import { isSecretReference, readSecret, type SecretUse } from '../config/secret.js';
import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';

/**
 * The sources named on a command line with `--preset`: each URL of a database becomes the URI of that preset.
 *
 * @throws {UsageError} for a preset that does not exist, or if no source is a database.
 */
export function withPreset(targets: readonly string[], preset: string | undefined): readonly string[] {
  if (preset === undefined) return targets;
  const names = presetKinds().map(({ kind }) => kind);
  if (!names.includes(preset)) {
    throw new UsageError(`There is no preset "${preset}".`, `There are ${names.join(', ')}.`);
  }
  const isDatabase = (target: string) => engineOf(target) !== undefined || isSecretReference(target);
  if (!targets.some(isDatabase)) {
    throw new UsageError('--preset is for a database.', 'Name it: postgres://user@host.example/database.');
  }
  return targets.map((target) => (isDatabase(target) ? `${preset}:${target}` : target));
}

/** A URL that was given by reference, and the password that was in it. */
export type ReferencedUrl = { readonly url: string; readonly password: string | undefined };

/**
 * Resolves a URL that is given by reference, such as `${env:DATABASE_URL}`, where it may contain a password; a literal one stays as it is, except that
 * the path of a database that is a file starts at the folder of the config.
 *
 * @throws {UsageError} as `readSecret` does, and for what is no URL; the message does not repeat it.
 */
export async function referencedUrl(io: CliIo, text: string, use: SecretUse): Promise<ReferencedUrl> {
  if (!isSecretReference(text)) return { url: located(text, use.config.folder), password: undefined };
  const given = await readSecret(io, text, use);
  if (!URL.canParse(given)) throw new UsageError(`${use.where} refers to something that is no URL.`);
  const url = new URL(given);
  const parameter = url.searchParams.get('password');
  const password = url.password === '' ? parameter : decodeURIComponent(url.password);
  url.password = '';
  url.searchParams.delete('password');
  return { url: url.href, password: password ?? undefined };
}

/**
 * The database of the app in a folder, for a URI such as `laravel:.`; `undefined` for any other.
 *
 * @throws {UsageError} if the folder has no such file.
 */
export async function appDatabase(
  io: CliIo,
  { kind, rest }: SourceUri,
  { folder, confinedTo }: Pick<SecretUse['config'], 'folder' | 'confinedTo'>,
): Promise<ReferencedUrl | undefined> {
  const { appFile } = sourceKind(kind);
  if (appFile === undefined || engineOf(rest) !== undefined || isSecretReference(rest)) return undefined;
  const app = resolve(folder, rest);
  const text = await io.readFile(join(app, appFile.name), confinedTo);
  if (text === undefined) {
    throw new UsageError(
      `${rest} has no ${appFile.name}.`,
      `Name the folder of an app, or a database: ${kind}:postgres://user@host.example/database.`,
    );
  }
  const { url, password } = await appFile.read(text);
  return { url: located(url, app), password };
}

function located(url: string, folder: string): string {
  const engine = engineOf(url);
  if (engine === undefined || !isFile(engine)) return url;
  const [, scheme = '', path = ''] = /^([a-z]+:)(?:\/\/)?(.*)$/i.exec(url) ?? [];
  return path === '' ? url : `${scheme}${resolve(folder, path)}`;
}
