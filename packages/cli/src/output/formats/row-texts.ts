import { absoluteTime, parseInstant, type Report, type ReportRun } from '@tardy/core';
import { whatText } from '../alert-lines.js';
import { fieldText } from '../report-fields.js';
import { sanitizeInline, sanitizeUrl } from '../sanitize.js';

/** What a format for people says of one run; every text is sanitized for one line, and escaped by the format for itself. */
export type RowTexts = {
  readonly label: string;
  readonly title: string;
  readonly type: string;
  readonly tenant: string;
  readonly headline: string;
  readonly reason: string;
  readonly guidance: string;
  /** When the state was reached, as an absolute time; empty if unknown. */
  readonly since: string;
  readonly source: string;
  readonly id: string;
  /** An http(s) URL in ASCII. */
  readonly link: string | undefined;
};

/** The texts of a row. */
export function rowTexts(row: ReportRun, timeZone: string): RowTexts {
  const { label, reason, guidance } = row.presentation;
  const since = row.freshness.since === null ? undefined : parseInstant(row.freshness.since);
  return {
    label: sanitizeInline(label),
    title: sanitizeInline(fieldText(row, 'title')),
    type: sanitizeInline(fieldText(row, 'type')),
    tenant: sanitizeInline(fieldText(row, 'tenant')),
    headline: sanitizeInline(whatText(row)),
    reason: sanitizeInline(reason),
    guidance: sanitizeInline(guidance),
    since: since === undefined ? '' : absoluteTime(since, { timeZone }),
    source: sanitizeInline(fieldText(row, 'source')),
    id: sanitizeInline(fieldText(row, 'id')),
    link: linkOf(row),
  };
}

/** Whether somebody accepts the run for now: it raises no alarm. */
export function isAccepted({ acknowledgement }: ReportRun): boolean {
  return acknowledgement?.expired === false;
}

/** The page of a run in its source: http(s), printable ASCII, without spaces, quotes, angle brackets, bars and backticks. */
export function linkOf(row: ReportRun): string | undefined {
  const url = fieldText(row, 'url');
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
  return sanitizeUrl(url).replace(/[\s"'<>{}|\\^`]/g, percentEncoded);
}

/** A character of ASCII as a URL may hold it. */
export function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/** The rows that a format for people lists, and how many it does not. */
export function listedRows(
  { runs }: Report,
  limit: number | undefined,
): { readonly rows: readonly ReportRun[]; readonly hidden: number } {
  const rows = limit === undefined ? runs : runs.slice(0, limit);
  return { rows, hidden: runs.length - rows.length };
}
