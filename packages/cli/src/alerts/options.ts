import { ALERT_STATUSES, type AlertStatus } from '@tardy/core';
import type { Command } from 'commander';
import { UsageError } from '../errors.js';
import { durationFlag } from '../read/common-options.js';

/** The flags about alerts, as commander gives them. */
export type AlertFlags = {
  readonly state?: string;
  readonly remind?: string;
  readonly acknowledgements?: string;
};

/** These flags, parsed. */
export type AlertOptions = {
  readonly statePath: string | undefined;
  readonly remindMs: number | undefined;
  readonly acknowledgementsPath: string | undefined;
};

/** Adds the flags about alerts. */
export function withAlertOptions(command: Command): Command {
  return command
    .option('--state <path>', 'file or folder that keeps which runs were alarming in the check before')
    .option('--remind <duration>', 'count a run that is still alarming again after this time')
    .option('--acknowledgements <file>', 'runs that somebody accepts for a time; overrides the file in the config');
}

/**
 * Parses the flags about alerts.
 *
 * @throws {UsageError} for an invalid duration.
 */
export function readAlertOptions(flags: AlertFlags): AlertOptions {
  return {
    statePath: flags.state,
    remindMs: flags.remind === undefined ? undefined : durationFlag('--remind', flags.remind, 60_000),
    acknowledgementsPath: flags.acknowledgements,
  };
}

/**
 * Parses the value of `--only`: statuses separated by commas.
 *
 * @throws {UsageError} for an unknown one.
 */
export function statusesFlag(text: string): readonly AlertStatus[] {
  return text.split(',').map((part) => {
    const status = ALERT_STATUSES.find((known) => known === part.trim());
    if (status === undefined) {
      throw new UsageError(`Unknown status "${part.trim()}" in --only.`, `Statuses: ${ALERT_STATUSES.join(', ')}`);
    }
    return status;
  });
}
