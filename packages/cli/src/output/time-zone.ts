import type { TerminalInput } from './terminal.js';

/** Whether this is the name of a time zone that this machine knows. */
export function isTimeZone(name: string): boolean {
  try {
    return name !== '' && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/**
 * The time zone of times for people: `--time-zone`, else the config, else `TZ`, else that of this machine on a terminal, where only
 * its owner reads, else UTC, which a log and a file are read in.
 */
export function timeZoneFor({
  flag,
  config,
  env,
  isTty,
}: {
  readonly flag: string | undefined;
  readonly config: string | undefined;
  readonly env: TerminalInput['env'];
  readonly isTty: boolean;
}): string {
  const variable = env['TZ']?.replace(/^:/, '') ?? '';
  const named = flag ?? config ?? (isTimeZone(variable) ? variable : undefined);
  return named ?? (isTty ? new Intl.DateTimeFormat().resolvedOptions().timeZone : 'UTC');
}
