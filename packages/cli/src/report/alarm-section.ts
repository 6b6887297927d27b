import { VERDICT_TONES, type AlertLevel } from '@tardy/core';
import { html, type Html } from '../output/html.js';
import { escapeMarkdown } from '../output/formats/markdown.js';
import { sanitizeInline } from '../output/sanitize.js';

/** A part of a report about what alarmed. */
export type AlarmSection = {
  readonly id: string;
  readonly heading: string;
  /** What stands above the table, or in its place: nothing that a source has said. */
  readonly words: string | undefined;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly level: AlertLevel; readonly cells: readonly string[] }[];
};

/** A part in HTML. */
export function alarmHtml({ id, heading, words, columns, rows }: AlarmSection): Html {
  const lines = rows.map(({ level, cells: [state, ...rest] }) => {
    const tone = VERDICT_TONES[level === 'likely_stale' ? 'stale' : 'late'];
    return html`<tr>
      <td data-tone="${tone}">${state}</td>
      ${rest.map((text) => html`<td>${text}</td> `)}
    </tr> `;
  });
  return html`<section id="${id}">
    <h2>${heading}</h2>
    ${words === undefined ? undefined : html`<p>${words}</p>`}
    ${
      rows.length === 0
        ? undefined
        : html`<table>
            <thead>
              <tr>
                ${columns.map((text) => html`<th scope="col">${text}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${lines}
            </tbody>
          </table>`
    }
  </section>`;
}

/** A part in Markdown, under a heading of its own. */
export function alarmMarkdown({ heading, words, columns, rows }: AlarmSection): string {
  const lines = rows.map(({ cells }) => rowLine(cells.map((text) => escapeMarkdown(sanitizeInline(text)))));
  const table = rows.length === 0 ? [] : [rowLine(columns), rowLine(columns.map(() => '---')), ...lines, ''];
  return [`## ${heading}`, '', ...(words === undefined ? [] : [words, '']), ...table].join('\n');
}

function rowLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
