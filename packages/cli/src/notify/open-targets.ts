import { formatDuration, parseDuration, UNREADABLE_AFTER_MS } from '@tardy/core';
import type { Config } from '../config/config.js';
import { isSecretReference, readSecret } from '../config/secret.js';
import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';
import { TargetConfigError, type OpenTarget } from './kind.js';
import { TARGET_KINDS } from './kinds.js';

/** A target of the config, ready to be sent to. */
export type Target = OpenTarget & {
  readonly name: string;
  readonly kind: string;
  /** After this time a run that is still alarming is sent again, in milliseconds; `undefined` for never. */
  readonly remindMs: number | undefined;
  readonly recoveries: boolean;
  /** For how long a source must have been unreadable before the target is sent that, in milliseconds; `Infinity` for never. */
  readonly unreadableMs: number;
  /** What its messages contain that must appear in no output. */
  readonly secrets: readonly string[];
};

/**
 * Opens the named targets of a config, or all of them.
 *
 * Only a config that was named may send anything: one that was found may have been put there by somebody else, and could run programs
 * and send what it reads to wherever it likes.
 *
 * @throws {UsageError} for a name that does not exist, a config that is invalid, or a secret that is missing.
 */
export async function openTargets(
  io: CliIo,
  config: Config | undefined,
  names: readonly string[],
  remindMs: number | undefined,
): Promise<readonly Target[]> {
  if (config === undefined) {
    throw new UsageError(
      'There is no config file, so there is no target to notify.',
      'Write "targets:" into a config and name it: --config tardy.config.yaml.',
    );
  }
  if (config.confinedTo !== undefined) {
    throw new UsageError(
      `${config.path} was found rather than named, so nothing is sent to its targets.`,
      `To trust it: --config ${config.path}`,
    );
  }
  const known = [...config.targets.keys()];
  if (known.length === 0)
    throw new UsageError(`${config.path} has no targets.`, 'See "targets" in the reference of the config file.');
  const unknown = names.find((name) => !config.targets.has(name));
  if (unknown !== undefined) {
    throw new UsageError(`${config.path} has no target "${unknown}".`, `It has ${known.join(', ')}.`);
  }
  const wanted = names.length === 0 ? known : [...new Set(names)];
  const targets: Target[] = [];
  for (const name of wanted) targets.push(await openTarget(io, config, name, remindMs));
  return targets;
}

async function openTarget(io: CliIo, config: Config, name: string, remindMs: number | undefined): Promise<Target> {
  const where = `targets.${name}`;
  const { kind: kindName, remind, recoveries, unreadable_after: unreadable, ...own } = config.targets.get(name) ?? {};
  const kind = TARGET_KINDS.find((known) => known.kind === kindName);
  if (kind === undefined) {
    throw new UsageError(
      `${where}.kind is not a kind of target.`,
      `Kinds: ${TARGET_KINDS.map((known) => known.kind).join(', ')}.`,
    );
  }
  if (recoveries !== undefined && typeof recoveries !== 'boolean') {
    throw new UsageError(`${where}.recoveries is neither true nor false.`);
  }
  const secrets: string[] = [];
  try {
    const opened = await kind.open(own, { name, folder: config.folder }, async (field, reference) => {
      const value = await readSecret(io, reference, { where: `${where}.${field}`, url: undefined, config });
      secrets.push(...piecesOf(value));
      if (field === 'url') refuseFault(`${where}.url`, value);
      return value;
    });
    if (typeof own['url'] === 'string' && !isSecretReference(own['url'])) refuseFault(`${where}.url`, own['url']);
    return {
      ...opened,
      name,
      kind: kind.kind,
      remindMs: remind === undefined ? remindMs : finite(durationOf(`${where}.remind`, remind, LEAST_REMIND_MS)),
      recoveries: recoveries ?? true,
      unreadableMs:
        unreadable === undefined ? UNREADABLE_AFTER_MS : durationOf(`${where}.unreadable_after`, unreadable, 0),
      secrets,
    };
  } catch (error) {
    if (!(error instanceof TargetConfigError)) throw error;
    throw new UsageError(
      `${config.path} is invalid:\n${error.message.replaceAll(/^ {2}/gm, `  ${where}.`)}`,
      `A target of kind ${kind.kind} takes ${Object.keys(kind.fields).join(', ')}, remind, recoveries and unreadable_after.`,
    );
  }
}

/** Never shows the URL, which may be a secret. */
function refuseFault(where: string, url: string): void {
  const { protocol, username, password } = URL.canParse(url)
    ? new URL(url)
    : { protocol: '', username: '', password: '' };
  if (protocol !== 'https:' && protocol !== 'http:') {
    throw new UsageError(`${where} is not a valid URL.`, 'Write it as https://host/path.');
  }
  if (username !== '' || password !== '') {
    throw new UsageError(
      `${where} contains a user name or password.`,
      'Send it as a header instead, if the receiver takes one.',
    );
  }
}

/** The shortest time between two reminders: cron runs a check every minute at most. */
const LEAST_REMIND_MS = 60_000;

function durationOf(where: string, value: unknown, leastMs: number): number {
  const ms = typeof value === 'string' ? parseDuration(value) : undefined;
  if (ms === undefined || ms < leastMs) {
    const least = leastMs === 0 ? '' : ` of at least ${formatDuration(leastMs)}`;
    throw new UsageError(`${where} is not a duration${least}.`, 'Write it as 4h, 1d or never.');
  }
  return ms;
}

function finite(ms: number): number | undefined {
  return ms === Infinity ? undefined : ms;
}

/** A URL may be a secret as such, and by its path or its query alone. */
function piecesOf(secret: string): string[] {
  if (!/^https?:\/\//i.test(secret) || !URL.canParse(secret)) return [secret];
  const { href, pathname, search, searchParams } = new URL(secret);
  const parts = [pathname, ...pathname.split('/'), search.slice(1), ...searchParams.values()];
  return [secret, href, ...parts.filter((part) => part.length >= 16)];
}
