import {
  droppedWords,
  unconfirmedWords,
  VERDICT_TONES,
  verdictWords,
  type Report,
  type ReportSource,
} from '@tardy/core';
import { BUILT_IN } from '../config/setup.js';
import { alertLines } from './alert-lines.js';
import { paint } from './colors.js';
import { sanitizeInline } from './sanitize.js';
import { glyphOf } from './runs-table.js';
import type { Terminal } from './terminal.js';

/**
 * The summary of a report, the most important line last: incomplete sources, runs that recovered while they were read, then the
 * verdict in a sentence. It says that nothing is late or stuck only if everything was read and judged.
 */
export function reportSummaryLines(report: Report, terminal: Terminal): string[] {
  const lines = gapLines(report, terminal);
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

/** One line for each incomplete source and its reason, and for each note of a complete one. */
export function gapLines({ sources }: Report, terminal: Terminal): string[] {
  return sources.flatMap((source) =>
    source.complete
      ? noteWords(source)
      : [paint(`${glyphOf('unknown', terminal)} ${gapWords(source)}`, 'neutral', terminal)],
  );
}

function noteWords({ name, issues }: ReportSource): string[] {
  return issues.flatMap(({ id, reason }) =>
    id === null ? [`${sanitizeInline(name)}: ${sanitizeInline(reason)}`] : [],
  );
}

function gapWords({ name, error, issues }: ReportSource): string {
  const [first] = issues;
  const who = sanitizeInline(name);
  if (error !== null)
    return `${who} could not be read (${sanitizeInline(error.code)}): ${sanitizeInline(error.message)}`;
  if (first === undefined) return `${who} is incomplete`;
  const what =
    first.id === null ? sanitizeInline(first.reason) : `${sanitizeInline(first.id)}: ${sanitizeInline(first.reason)}`;
  return `${who} is incomplete: ${what}${issues.length === 1 ? '' : ` (and ${issues.length - 1} more)`}`;
}
