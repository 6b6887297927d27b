import { resolve } from 'node:path';
import {
  advanceAlerts,
  observeSources,
  reachesLevel,
  splitAlerts,
  type Alert,
  type AlertStatus,
  type FailOn,
  type Instant,
  type Report,
  type ReportWorn,
} from '@tardy/core';
import { readSetup, type Setup } from '../config/setup.js';
import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';
import type { DeliveryOptions, TargetResult } from '../notify/deliver.js';
import type { Target } from '../notify/open-targets.js';
import { sanitizeLines } from '../output/sanitize.js';
import type { CommonOptions } from '../read/common-options.js';
import { readWith } from '../read/read-all.js';
import { isSelective, Selection, type Selectors } from '../read/selectors.js';
import type { Keep } from '../read/tally.js';
import { readAcknowledgements } from './acknowledgement-file.js';
import { alarmReport, remindInOutput } from './alarm-report.js';
import { alarmLevel, keyOf, observe, Watched } from './observe.js';
import type { AlertOptions } from './options.js';
import { forgottenWords, openState, peekState } from './state-file.js';

/** How alarms are looked for. */
export type AlarmOptions = CommonOptions &
  AlertOptions & {
    readonly sources: readonly string[];
    /** Which runs to judge; without them, all. */
    readonly selectors?: Selectors | undefined;
    /** How many runs may reach `failOn` before the check fails. */
    readonly maxStale?: number | undefined;
    readonly failOn: FailOn;
    readonly allowUnknown: boolean;
    readonly all: boolean;
    readonly confirmAfterMs: number;
    readonly maxRequests: number;
    readonly failOnNew: boolean;
    readonly only: readonly AlertStatus[] | undefined;
    /** The names of the targets to send to, all of them if it is empty; `undefined` to send nothing. */
    readonly notify: readonly string[] | undefined;
    /** Changes nothing: no message is sent, no state is saved. */
    readonly dryRun: boolean;
    /** Says which learned rules no longer fit, going by the record that is named, else that of the config. Absent: does not say. */
    readonly worn?: { readonly record: string | undefined };
  };

/** What was found, and what was sent about it. */
export type Alarms = {
  readonly report: Report;
  /** The time zone of the config. */
  readonly timeZone: string | undefined;
  /** When the runs were judged. */
  readonly now: Instant;
  readonly results: readonly TargetResult[];
  /** The alerts after this check and the targets, for a dry run. */
  readonly alerts: readonly Alert[];
  readonly targets: readonly Target[];
  /** Something was not sent, or what was sent could not be recorded. */
  readonly failed: boolean;
};

const needsAttention: Keep = ({ freshness }) => freshness.problemClass === 'active_stale_attention';

/**
 * Reads and judges, compares with the check before, and sends each target what it is due. The state belongs to this process from before the
 * sources are read until everything is recorded, so that two checks at once neither send twice nor undo each other.
 *
 * @throws {UsageError} for anything that the caller can fix, before anything is read.
 * @throws {FileBusyError} if another process does not release the state.
 */
export async function findAlarms(io: CliIo, options: AlarmOptions): Promise<Alarms> {
  const setup = await readSetup(io, options);
  const selectors = options.selectors !== undefined && isSelective(options.selectors) ? options.selectors : undefined;
  const statePath = selectors === undefined ? statePathOf(setup, options) : withoutState(options);
  const selection = selectors === undefined ? undefined : new Selection(selectors);
  const acknowledgements = await readAcknowledgements(io, options.acknowledgementsPath, setup.config);
  const targets = await targetsOf(io, setup, options);
  const worn = options.worn === undefined ? undefined : await wornRules(io, setup, options.worn.record);
  const state =
    statePath === undefined
      ? undefined
      : options.dryRun
        ? { alerts: await peekState(io, statePath), save: async () => {}, close: async () => {} }
        : await openState(io, statePath);
  try {
    const { ofRuns, ofSources } = splitAlerts(state?.alerts ?? []);
    const watched = new Watched(ofRuns);
    const reading = await readWith(io, setup, options.sources, options, {
      query: { activity: 'active' },
      selection,
      keep: options.all ? () => true : (judged) => needsAttention(judged) || watched.keeps(judged),
      follow: watched.follow(options.maxRequests),
      secondLook: {
        alarms: ({ freshness }) =>
          reachesLevel(freshness.state, state === undefined ? options.failOn : alarmLevel(options.failOn)),
        maxRequests: options.maxRequests,
        // Judged at a fixed time, nothing changes by waiting.
        confirmAfterMs: options.at === undefined ? options.confirmAfterMs : 0,
        sleep: io.sleep,
      },
    });
    const { now } = reading;
    for (const complaint of selection?.complaints() ?? []) note(io, complaint);
    const advanced =
      state === undefined
        ? undefined
        : advanceAlerts(ofRuns, observe(reading, watched, options.failOn, acknowledgements), now);
    const outages = advanceAlerts(ofSources, observeSources(reading.sources, keyOf), now);
    const output = advanced === undefined ? undefined : remindInOutput(advanced, options.remindMs, now);
    const report = alarmReport(reading, {
      failOn: options.failOn,
      allowUnknown: options.allowUnknown,
      lists: options.all ? () => true : needsAttention,
      advanced,
      acknowledgements,
      readsAll: options.sources.length === 0 && selectors === undefined,
      maxStale: options.maxStale,
      failOnNew: options.failOnNew,
      only: options.only,
      reminded: output?.reminded ?? new Set(),
      worn,
    });
    const alerts = [...(output?.alerts ?? []), ...outages.alerts];
    const sent =
      state === undefined || output === undefined
        ? { results: [], failed: false }
        : await sendAndSave(io, alerts, targets, now, deliveryOptions(setup, options), options.dryRun, state.save);
    if (advanced !== undefined && advanced.forgotten.length > 0) note(io, forgottenWords(advanced.forgotten));
    return { report, now, timeZone: setup.config?.timeZone, alerts, targets, ...sent };
  } finally {
    await state?.close();
  }
}

/** Only a record shows whether learned rules still fit. */
async function wornRules(
  io: CliIo,
  { config, policy }: Setup,
  given: string | undefined,
): Promise<readonly ReportWorn[] | undefined> {
  if (policy?.document.rules.some(({ learned }) => learned !== undefined) !== true) return undefined;
  const { readRecord } = await import('../record/read-record.js');
  const record = await readRecord(io, config, given);
  if (record === undefined) return undefined;
  const { wornByRecord } = await import('../learn/worn.js');
  return wornByRecord(record, policy);
}

/** Saved before anything is sent: a run that was found now is not found again as new if this process ends meanwhile. */
async function sendAndSave(
  io: CliIo,
  alerts: readonly Alert[],
  targets: readonly Target[],
  now: number,
  options: DeliveryOptions,
  dryRun: boolean,
  save: (alerts: readonly Alert[], now: number) => Promise<void>,
): Promise<Pick<Alarms, 'results' | 'failed'>> {
  try {
    await save(alerts, now);
    if (dryRun || targets.length === 0) return { results: [], failed: false };
    const { deliverDue } = await import('../notify/deliver.js');
    const results = await deliverDue(io, alerts, targets, now, options, async (next) => save(next, now));
    return { results, failed: results.some(({ unsent }) => unsent.length > 0) };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    note(io, `${error.message} What is sent now may be sent again by the next check.`);
    return { results: [], failed: true };
  }
}

function statePathOf({ config }: Setup, options: AlarmOptions): string | undefined {
  if (options.statePath !== undefined) return options.statePath;
  // A config that was found may not name a file to be written.
  const named = config !== undefined && config.confinedTo === undefined ? config.state : undefined;
  if (config !== undefined && named !== undefined) return resolve(config.folder, named);
  const needs =
    options.notify !== undefined
      ? 'Notifying'
      : options.failOnNew
        ? '--fail-on-new'
        : options.only !== undefined
          ? '--only'
          : options.remindMs !== undefined
            ? '--remind'
            : undefined;
  if (needs === undefined) return undefined;
  throw new UsageError(
    `${needs} needs to know what was alarming in the check before.`,
    'Say where to keep that: --state tardy-state.json, or "state:" in a config that is named.',
  );
}

/**
 * A state cannot stand beside selectors: runs that are not selected would count as vanished, and as new in the check after. The state of
 * the config is left alone.
 *
 * @throws {UsageError} if the command line asks for what needs one.
 */
function withoutState({ statePath, notify, failOnNew, only, remindMs }: AlarmOptions): undefined {
  if (statePath === undefined && notify === undefined && !failOnNew && only === undefined && remindMs === undefined)
    return;
  throw new UsageError(
    'Selectors cannot be combined with a state: runs that are not selected would count as vanished.',
    'Leave out --type, --tenant, --workspace and --label, or what compares with the check before.',
  );
}

async function targetsOf(io: CliIo, setup: Setup, options: AlarmOptions): Promise<readonly Target[]> {
  if (options.notify === undefined) return [];
  const { openTargets } = await import('../notify/open-targets.js');
  return openTargets(io, setup.config, options.notify, options.remindMs);
}

function deliveryOptions({ ca }: Setup, { timeoutMs, allowHosts, debug }: AlarmOptions): DeliveryOptions {
  return { timeoutMs, allowHosts, debug, ca };
}

function note(io: CliIo, text: string): void {
  io.stderr.write(sanitizeLines(`tardy: ${text}\n`));
}
