import { verdictWords, type Report, type ReportRun } from '@tardy/core';
import { groupsOf, type Group, type GroupKey } from '../groups.js';
import { basisLines, complaints, isBasisUsual, noteLines } from '../report-summary.js';
import { glyphOf } from '../runs-table.js';
import { PLAIN_FILE } from '../terminal.js';
import type { FormatContext, ReportFormat } from './format.js';
import { listedRows, percentEncoded, rowTexts } from './row-texts.js';

/** GitHub Flavored Markdown, which GitLab and Gitea read as well: the verdict, what is missing, and a table of the runs. */
export const markdownFormat: ReportFormat = { render: markdownText, namesBasis: () => true };

/** The report in Markdown. */
export function markdownText(
  report: Report,
  { limit, groupBy, timeZone }: Pick<FormatContext, 'limit' | 'groupBy' | 'timeZone'>,
): string {
  const { table, hidden } = listing(report, limit, groupBy, timeZone);
  const missing = complaints(report).flatMap(({ text, more }) => [
    `- ${escapeMarkdown(text)}`,
    ...more.map((reason) => `  - ${escapeMarkdown(reason)}`),
  ]);
  const notes = [...noteLines(report), ...(isBasisUsual(report) ? [] : basisLines(report, PLAIN_FILE))];
  const parts = [
    [`**${escapeMarkdown(verdictWords(report))}**`],
    missing,
    table,
    hidden === 0 ? [] : [`and ${hidden} more`],
    notes.map((note) => `- ${escapeMarkdown(note)}`),
  ];
  const filled = parts.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${filled.join('\n\n')}\n`;
}

function listing(
  report: Report,
  limit: number | undefined,
  groupBy: GroupKey | undefined,
  timeZone: string,
): { readonly table: readonly string[]; readonly hidden: number } {
  if (groupBy !== undefined) {
    const groups = groupsOf(report.runs, groupBy);
    const shown = groups.slice(0, limit);
    const head = [`| ${groupBy} | Runs | States | Worst |`, '| --- | --- | --- | --- |'];
    const lines = shown.map((group) => groupLine(group, timeZone));
    return { table: lines.length === 0 ? [] : [...head, ...lines], hidden: groups.length - shown.length };
  }
  const { rows, hidden } = listedRows(report, limit);
  const head = [
    '| State | Run | Type | Tenant | What | Since | Source | Id |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
  ];
  return { table: rows.length === 0 ? [] : [...head, ...rows.map((row) => rowLine(row, timeZone))], hidden };
}

function groupLine({ name, runs, words, worst }: Group, timeZone: string): string {
  const { title, headline, link } = rowTexts(worst, timeZone);
  const cells = [escapeMarkdown(name === '' ? '-' : name), String(runs), escapeMarkdown(words)];
  return `| ${[...cells, `${linkedTitle(title, link)}: ${escapeMarkdown(headline)}`].join(' | ')} |`;
}

function linkedTitle(title: string, link: string | undefined): string {
  return link === undefined ? escapeMarkdown(title) : `[${escapeMarkdown(title)}](<${urlText(link)}>)`;
}

function rowLine(row: ReportRun, timeZone: string): string {
  const { label, title, type, tenant, headline, since, source, id, link } = rowTexts(row, timeZone);
  const glyph = glyphOf(row.presentation.icon, PLAIN_FILE);
  const name = linkedTitle(title, link);
  const cells = [label, type, tenant, headline, since, source, id].map(escapeMarkdown);
  const [state = '', ...rest] = cells;
  return `| ${[`${glyph === undefined ? '' : `${escapeMarkdown(glyph)} `}${state}`, name, ...rest].join(' | ')} |`;
}

/** What a reader of Markdown would take for more than text; without the colon and the dot there is no bare URL either. */
const PUNCTUATION = /[\\`*_{}[\]<>#+\-.!|~:@&$^]/g;

/** The signs of mentions and references (`@everyone`, `#12`, `!34`), wherever what they name could begin. */
const REFERENCE = /[@#!$%&~^](?=[\w"[*])|\bGH-(?=\d)/g;

/** Stops a reader from taking a sign and what follows it for a mention; a reference, since an editor does not show the character. */
const BREAK = '&#8203;';

/**
 * Makes text from an API plain in Markdown: every sign is escaped, so that neither a table, a link, HTML nor a bare URL comes of it,
 * and mentions and references are broken up, which escapes alone do not stop.
 */
export function escapeMarkdown(text: string): string {
  const pieces = text.split(REFERENCE);
  const signs = text.match(REFERENCE) ?? [];
  const escaped = pieces.map((piece, index) => {
    const sign = signs[index] ?? '';
    return `${escapePunctuation(piece)}${sign === '' ? '' : `${escapePunctuation(sign)}${BREAK}`}`;
  });
  // A line must not begin or end with blanks, nor "1." begin a list: its dot is escaped.
  return escaped.join('').trim();
}

function escapePunctuation(text: string): string {
  return text.replace(PUNCTUATION, String.raw`\$&`);
}

/** Within angle brackets; a bar would end the cell of the table. */
function urlText(link: string): string {
  return link.replace(/[\\|<>*_~]/g, percentEncoded);
}
