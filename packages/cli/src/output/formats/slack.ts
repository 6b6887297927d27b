import type {
  ContextBlock,
  HeaderBlock,
  KnownBlock,
  RichTextBlock,
  RichTextElement,
  RichTextSection,
} from '@slack/types';
import { verdictWords, type Report, type ReportRun } from '@tardy/core';
import { jsonText } from '../json.js';
import { complaints } from '../report-summary.js';
import { glyphOf } from '../runs-table.js';
import { PLAIN_FILE } from '../terminal.js';
import type { ReportFormat } from './format.js';
import { listedRows, rowTexts } from './row-texts.js';

/** The message of Block Kit that an incoming webhook takes. */
export type SlackMessage = {
  /** For notifications; the only text in which Slack would read mentions and formatting, so that it holds nothing from a source. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
  readonly unfurl_links: false;
  readonly unfurl_media: false;
};

/** Limits of Slack: a message has 50 blocks, a header 150 characters, a message in all some 13,000 in its text elements. */
const HEADER_LENGTH = 150;
const TEXT_LENGTH = 300;
const LINK_LENGTH = 2000;
const MOST_ROWS = 20;
const MOST_COMPLAINTS = 10;

/** A message for Slack: the body of a POST to an incoming webhook. */
export const slackFormat: ReportFormat = {
  render: (report, { limit, timeZone }) => jsonText(slackMessage(report, limit, timeZone)),
};

/** Rich text has no markup to escape: what a source sends stays text, and a link is an element of ours. */
function slackMessage(report: Report, limit: number | undefined, timeZone: string): SlackMessage {
  const words = verdictWords(report);
  const { rows, hidden } = listedRows(report, Math.min(limit ?? MOST_ROWS, MOST_ROWS));
  const header: HeaderBlock = {
    type: 'header',
    text: { type: 'plain_text', text: cut(words, HEADER_LENGTH), emoji: false },
  };
  const missing = complaints(report)
    .slice(0, MOST_COMPLAINTS)
    .map(({ text }) => section([plain(`? ${text}`)]));
  const list = [...missing, ...rows.map((row) => rowSection(row, timeZone))];
  const body: RichTextBlock = { type: 'rich_text', elements: list };
  const foot: ContextBlock = {
    type: 'context',
    elements: [{ type: 'plain_text', text: footText(report, hidden), emoji: false }],
  };
  return {
    text: escapeSlack(words),
    blocks: [header, ...(list.length === 0 ? [] : [body]), foot],
    unfurl_links: false,
    unfurl_media: false,
  };
}

function rowSection(row: ReportRun, timeZone: string): RichTextSection {
  const { label, title, tenant, headline, source, id, link } = rowTexts(row, timeZone);
  const glyph = glyphOf(row.presentation.icon, PLAIN_FILE);
  const name: RichTextElement =
    link === undefined || link.length > LINK_LENGTH
      ? { type: 'text', text: cut(title, TEXT_LENGTH), style: { bold: true } }
      : { type: 'link', url: link, text: cut(title, TEXT_LENGTH), style: { bold: true } };
  const whose = [tenant, source, id].filter((text) => text !== '').join(', ');
  return section([
    plain(`${glyph === undefined ? '' : `${glyph} `}${label}: `),
    ...(title === '' ? [] : [name]),
    plain(` – ${headline} (${whose})`),
  ]);
}

function section(elements: RichTextElement[]): RichTextSection {
  const last = elements.at(-1);
  // Sections follow each other without a line break of their own.
  if (last?.type === 'text') last.text += '\n';
  return { type: 'rich_text_section', elements };
}

function plain(text: string): RichTextElement & { type: 'text' } {
  return { type: 'text', text: cut(text, TEXT_LENGTH) };
}

function footText(report: Report, hidden: number): string {
  return [...(hidden === 0 ? [] : [`and ${hidden} more`]), `judged at ${report.now}`].join(', ');
}

/** Never half a surrogate pair. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
