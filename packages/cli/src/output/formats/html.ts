import { createHash } from 'node:crypto';
import { verdictWords, VERDICT_TONES, type Report, type ReportRun } from '@tardy/core';
import { basisLines, complaints, noteLines } from '../report-summary.js';
import { glyphOf } from '../runs-table.js';
import { PLAIN_FILE } from '../terminal.js';
import { escapeXml } from '../xml.js';
import type { ReportFormat } from './format.js';
import { listedRows, rowTexts } from './row-texts.js';

/** Colours beside words and shapes, dark on light and light on dark, each with a contrast of at least 4.5 to 1. */
const STYLE = `:root{color-scheme:light dark;--danger:#b3261e;--warning:#8a5300;--success:#1b6e3c;--neutral:#44546a}
@media (prefers-color-scheme:dark){:root{--danger:#ff8a80;--warning:#ffc261;--success:#7fd99a;--neutral:#b7c3d4}}
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{padding:.4rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid #8884}
td{overflow-wrap:break-word}td:nth-child(2),td:nth-child(5){overflow-wrap:anywhere;min-width:10rem}small{display:block;opacity:.8}
.danger{color:var(--danger)}.warning{color:var(--warning)}.success{color:var(--success)}.neutral{color:var(--neutral)}
@media print{body{margin:0;max-width:none}tr{break-inside:avoid}}`;

const TONES = ['calm', 'success', 'warning', 'danger', 'neutral'];

/** One page with a table, for an artifact or a mail: no script, no request, and a policy that lets none of either through. */
export const htmlFormat: ReportFormat = {
  render: (report, { limit, timeZone }) => {
    const { rows, hidden } = listedRows(report, limit);
    const words = escapeXml(verdictWords(report));
    const styleHash = createHash('sha256').update(STYLE).digest('base64');
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${words}</title>
<style>${STYLE}</style>
</head>
<body>
<h1 class="${VERDICT_TONES[report.verdict]}">${words}</h1>
${missingHtml(report)}${tableHtml(rows, timeZone)}${hidden === 0 ? '' : `<p>and ${hidden} more</p>\n`}${footHtml(report)}</body>
</html>
`;
  },
  namesBasis: () => true,
};

function missingHtml(report: Report): string {
  const items = complaints(report).map(({ text, more }) => {
    const rest = more.map((reason) => `<li>${escapeXml(reason)}</li>`).join('');
    return `<li>${escapeXml(text)}${rest === '' ? '' : `<ul>${rest}</ul>`}</li>\n`;
  });
  return items.length === 0 ? '' : `<ul>\n${items.join('')}</ul>\n`;
}

function tableHtml(rows: readonly ReportRun[], timeZone: string): string {
  if (rows.length === 0) return '';
  const headers = ['State', 'Run', 'Type', 'Tenant', 'What', 'Since', 'Source', 'Id'];
  return `<table>
<thead><tr>${headers.map((header) => `<th scope="col">${header}</th>`).join('')}</tr></thead>
<tbody>
${rows.map((row) => rowHtml(row, timeZone)).join('')}</tbody>
</table>
`;
}

function rowHtml(row: ReportRun, timeZone: string): string {
  const { label, title, type, tenant, headline, reason, guidance, since, source, id, link } = rowTexts(row, timeZone);
  const glyph = glyphOf(row.presentation.icon, PLAIN_FILE);
  const tone = TONES.find((known) => known === row.presentation.tone) ?? 'neutral';
  const state = `<span class="${tone}">${glyph === undefined ? '' : `<span aria-hidden="true">${glyph}</span> `}${escapeXml(label)}</span>`;
  const name =
    link === undefined
      ? escapeXml(title)
      : `<a href="${escapeXml(link)}" rel="noopener noreferrer">${escapeXml(title)}</a>`;
  const details = [reason, guidance].filter((text) => text !== '').map((text) => `<small>${escapeXml(text)}</small>`);
  const cells = [state, name, escapeXml(type), escapeXml(tenant), `${escapeXml(headline)}${details.join('')}`];
  const rest = [since, source, id].map(escapeXml);
  return `<tr>${[...cells, ...rest].map((cell) => `<td>${cell}</td>`).join('')}</tr>\n`;
}

function footHtml(report: Report): string {
  const lines = [...noteLines(report), ...basisLines(report, PLAIN_FILE), `Judged at ${report.now}`];
  return lines.map((line) => `<p><small>${escapeXml(line)}</small></p>\n`).join('');
}
