import {
  droppedWords,
  unconfirmedWords,
  VERDICT_TONES,
  verdictWords,
  type Report,
  type ReportSource,
  type ReportWorn,
} from '@tardy/core';
import { BUILT_IN } from '../config/setup.js';
import { alertLines } from './alert-lines.js';
import { paint } from './colors.js';
import { sanitizeInline } from './sanitize.js';
import { glyphOf } from './runs-table.js';
import type { Terminal } from './terminal.js';

/**
 * The summary of a report, the most important line last: notes, runs that recovered while they were read, then the verdict in a
 * sentence. It says that nothing is late or stuck only if everything was read and judged. What could not be read is not part of it:
 * stderr names it.
 */
export function reportSummaryLines(report: Report, terminal: Terminal): string[] {
  const lines = noteLines(report);
  const dropped = droppedWords(report);
  if (dropped !== undefined) lines.push(dropped);
  const unconfirmed = unconfirmedWords(report);
  if (unconfirmed !== undefined) lines.push(unconfirmed);
  lines.push(
    ...alertLines(report),
    ...basisLines(report, terminal),
    paint(verdictWords(report), VERDICT_TONES[report.verdict], terminal),
  );
  return lines;
}

/** What the runs were judged by: a config or a policy that a stranger put there shows. */
export function basisLines({ policy, config, sources }: Report, terminal: Terminal): string[] {
  if (policy.from === undefined) return [];
  const own = sources.filter((source) => source.policy_digest !== policy.digest);
  const words = [
    `Policy: ${policy.from} (${shortDigest(policy.digest)})`,
    ...own.map((source) => `${source.name}: its own (${shortDigest(source.policy_digest)})`),
    ...(config === undefined || config === null ? [] : [`config: ${config}`]),
  ];
  return [paint(sanitizeInline(words.join('; ')), 'dim', terminal)];
}

/** Whether the runs were judged by nothing but the built-in policy, without a config. */
export function isBasisUsual({ policy, config, sources }: Report): boolean {
  const own = sources.some((source) => source.policy_digest !== policy.digest);
  return (policy.from === undefined || policy.from === BUILT_IN) && (config ?? null) === null && !own;
}

/** Enough of a digest to tell policies apart. */
function shortDigest(digest: string): string {
  return digest.slice(0, 'sha256:'.length + 12);
}

/** How many rows that could not be read are named for each source. */
const ISSUES_SHOWN = 10;

/** What is missing from a source. */
export type Complaint = {
  /** One sentence without a full stop. */
  readonly text: string;
  /** The rest of the reasons, where there is more than one. */
  readonly more: readonly string[];
};

/** What could not be read, by source; sanitized for one line each. */
export function complaints({ sources }: Report): Complaint[] {
  return sources.flatMap((source) => (source.complete ? [] : [complaintOf(source)]));
}

/** What could not be read, a line for each source and for each further reason. */
export function complaintLines(report: Report, terminal: Terminal): string[] {
  return complaints(report).flatMap(({ text, more }) => [
    paint(`${glyphOf('unknown', terminal)} ${text}`, 'neutral', terminal),
    ...more.map((reason) => `  ${reason}`),
  ]);
}

/** A line for each note of a source that is complete, and for each learned rule that no longer fits. */
export function noteLines({ sources, policy }: Report): string[] {
  const notes = sources.flatMap(({ name, complete, issues }) =>
    issues.flatMap(({ id, reason }) =>
      complete && id === null ? [`${sanitizeInline(name)}: ${sanitizeInline(reason)}`] : [],
    ),
  );
  return [...notes, ...(policy.worn ?? []).map((worn) => sanitizeInline(wornWords(worn)))];
}

function wornWords({ code, rule, since, target, runs, exceedances }: ReportWorn): string {
  const promised = `${Number((1000 * target).toFixed(2))} in 1,000 promised`;
  return `${code}: ${exceedances} of ${runs} runs since ${since} passed ${rule} and ended by themselves, ${promised}. Learn it again: tardy learn`;
}

function complaintOf({ name, error, issues }: ReportSource): Complaint {
  const who = sanitizeInline(name);
  const reasons = issues.map(({ id, reason }) =>
    id === null ? sanitizeInline(reason) : `${sanitizeInline(id)}: ${sanitizeInline(reason)}`,
  );
  const [first, ...others] = reasons;
  if (error !== null) {
    const text = `${who} could not be read (${sanitizeInline(error.code)}): ${sanitizeInline(error.message)}`;
    return { text, more: shortened(reasons, ISSUES_SHOWN) };
  }
  if (first === undefined) return { text: `${who} is incomplete`, more: [] };
  return { text: `${who} is incomplete: ${first}`, more: shortened(others, ISSUES_SHOWN - 1) };
}

function shortened(reasons: readonly string[], most: number): string[] {
  return reasons.length <= most ? [...reasons] : [...reasons.slice(0, most), `and ${reasons.length - most} more`];
}
