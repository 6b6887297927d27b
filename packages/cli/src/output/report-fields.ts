import type { ReportRun } from '@tardy/core';
import { UsageError } from '../errors.js';

type Read = (row: ReportRun) => unknown;

const wire =
  (name: string): Read =>
  ({ run }) =>
    run[name];
const freshness =
  (name: keyof ReportRun['freshness']): Read =>
  (row) =>
    row.freshness[name];
const presentation =
  (name: keyof ReportRun['presentation']): Read =>
  (row) =>
    row.presentation[name];

/** Every field that can be selected by name, in the order of the documentation. */
const FIELDS = {
  id: wire('id'),
  source: wire('source'),
  attempt: wire('attempt'),
  type: wire('type'),
  title: wire('title'),
  workspace: wire('workspace'),
  tenant: wire('tenant'),
  status: wire('status'),
  outcome: wire('outcome'),
  hold: wire('hold'),
  hold_since: wire('hold_since'),
  waits_for: wire('waits_for'),
  queued_at: wire('queued_at'),
  not_before: wire('not_before'),
  started_at: wire('started_at'),
  phase_at: wire('phase_at'),
  heartbeat_at: wire('heartbeat_at'),
  heartbeat_interval: wire('heartbeat_interval'),
  ended_at: wire('ended_at'),
  deadline_at: wire('deadline_at'),
  flag: wire('flag'),
  progress: wire('progress'),
  reconciliation: wire('reconciliation'),
  failure: wire('failure'),
  initiator: wire('initiator'),
  url: wire('url'),
  labels: wire('labels'),
  native: wire('native'),
  problem_class: (row) => row.problem_class,
  state: freshness('state'),
  clock: freshness('clock'),
  since: freshness('since'),
  age_ms: freshness('age_ms'),
  threshold_ms: freshness('threshold_ms'),
  rule: freshness('rule'),
  vouched: freshness('vouched'),
  silent: freshness('silent'),
  flagged: freshness('flagged'),
  skewed: freshness('skewed'),
  next_change_at: freshness('next_change_at'),
  confirmed: freshness('confirmed'),
  label: presentation('label'),
  tone: presentation('tone'),
  icon: presentation('icon'),
  headline: presentation('headline'),
  reason: presentation('reason'),
  guidance: presentation('guidance'),
} as const satisfies Readonly<Record<string, Read>>;

/** The name of a field. */
export type ReportField = keyof typeof FIELDS;

/** All field names, in the order of the documentation. */
export const REPORT_FIELDS = Object.keys(FIELDS) as readonly ReportField[];

/**
 * Parses the value of `--json`: names separated by commas.
 *
 * @throws {UsageError} for an unknown name, with the list of known ones.
 */
export function parseFields(text: string): ReportField[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const fields = names.map((name) => {
    const field = REPORT_FIELDS.find((known) => known === name);
    if (field === undefined) throw new UsageError(`Unknown field "${name}" in --json.`, availableFields());
    return field;
  });
  if (fields.length === 0) throw new UsageError('--json= has no field name.', availableFields());
  return [...new Set(fields)];
}

/** The selected fields in that order; `null` for a field that the run does not have. */
export function pickFields(row: ReportRun, fields: readonly ReportField[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field, FIELDS[field](row) ?? null]));
}

/** A field as text for one cell: an owner by name, else by id; empty if absent. */
export function fieldText(row: ReportRun, field: ReportField): string {
  const value: unknown = FIELDS[field](row);
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || value === null) return '';
  const owner = value as { readonly name?: unknown; readonly id?: unknown };
  return [owner.name, owner.id].find((text): text is string => typeof text === 'string' && text !== '') ?? '';
}

function availableFields(): string {
  return `Fields: ${REPORT_FIELDS.join(', ')}`;
}
