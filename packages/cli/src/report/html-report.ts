import { createHash } from 'node:crypto';
import { absoluteTime, parseInstant, verdictWords, VERDICT_TONES, type Report, type ReportSource } from '@tardy/core';
import type { CliIo } from '../io.js';
import { html, type Html } from '../output/html.js';
import { basisLines } from '../output/report-summary.js';
import { PLAIN_FILE } from '../output/terminal.js';
import { alarmHtml, type AlarmSection } from './alarm-section.js';

/** What a report says beside its runs. */
export type HtmlReportOptions = {
  readonly title: string;
  /** An IANA name. */
  readonly timeZone: string;
  /** What the state and the record of checks remember. */
  readonly sections: readonly AlarmSection[];
};

/**
 * A report as one file that opens from a disk without a network: the elements, their data and a policy that allows nothing else.
 *
 * @throws {UsageError} if this installation lacks the elements.
 */
export async function htmlReport(
  io: CliIo,
  report: Report,
  { title, timeZone, sections }: HtmlReportOptions,
): Promise<string> {
  const [elements, page, style] = await Promise.all(
    ['elements.js', 'report.js', 'report-style.css'].map(async (name) =>
      inlined(Buffer.from(await io.readAsset(name)).toString('utf8')),
    ),
  );
  const scripts = [page ?? '', elements ?? ''];
  const policy = [
    `default-src 'none'`,
    `script-src ${scripts.map(hashOf).join(' ')}`,
    `style-src ${hashOf(style ?? '')}`,
    `require-trusted-types-for 'script'`,
    `trusted-types lit-html`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  const words = verdictWords(report);
  const at = parseInstant(report.now);
  const made = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="referrer" content="no-referrer" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · ${words}</title>
        ${raw(`<style>${style ?? ''}</style>`)}
      </head>
      <body data-complete="${String(report.complete)}">
        <header>
          <p>${title}${at === undefined ? '' : ` · ${absoluteTime(at, { timeZone })}`}</p>
          <h1 data-tone="${VERDICT_TONES[report.verdict]}">${words}</h1>
        </header>
        <main>
          <ops-kpis data-report></ops-kpis>
          <ops-attention data-report max="200"></ops-attention>
          ${sections.map(alarmHtml)}
          <section>
            <h2>Runs</h2>
            <ops-list data-report page-size="100"></ops-list>
          </section>
          ${sourcesTable(report)}
        </main>
        <noscript>The runs are shown by a script, which this viewer does not run. Open the file in a browser.</noscript>
        ${raw(`<script type="application/json" id="report">${dataOf(report)}</script>`)}
        ${scripts.map((script) => raw(`<script type="module">${script}</script>`))}
      </body>
    </html>`;
  return `${made.markup}\n`;
}

function sourcesTable(report: Report): Html {
  const rows = report.sources.map(
    (source) =>
      html`<tr>
        <td>${source.name}</td>
        <td>${source.kind}</td>
        <td class="number">${source.runs}</td>
        <td data-tone="${source.complete ? 'success' : 'danger'}">${stateOf(source)}</td>
      </tr> `,
  );
  return html`<section>
    <h2>Sources</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">Source</th>
          <th scope="col">Kind</th>
          <th scope="col" class="number">Runs read</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
    ${basisLines(report, PLAIN_FILE).map((line) => html`<p>${line}</p>`)}
  </section>`;
}

function stateOf({ complete, error, issues }: ReportSource): string {
  if (error !== null) return `could not be read: ${error.message}`;
  if (complete) return 'complete';
  const [first] = issues;
  return first === undefined ? 'incomplete' : `incomplete: ${first.id === null ? '' : `${first.id}: `}${first.reason}`;
}

/** The report as JSON that can stand in a page: no `<` ends its script element or opens a comment. */
function dataOf(report: Report): string {
  return JSON.stringify(report)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

/** Text of ours that is meant to be code. */
function raw(markup: string): Html {
  return { markup };
}

/** Code as it can stand in a page: nothing in it ends its element. Only texts and patterns hold such a thing, where `\/` means `/`. */
function inlined(code: string): string {
  return code.trim().replaceAll('</', '<\\/');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
