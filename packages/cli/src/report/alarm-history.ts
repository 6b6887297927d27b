import { absoluteTime, UNREADABLE_AFTER_MS, VERDICT_TONES, type Alert, type Instant } from '@tardy/core';
import { html, type Html } from '../output/html.js';

/**
 * The alarms of a state that a report shows: those that still stand, and those that ended since then. The newest first. A source that was
 * unreadable for a moment is none.
 */
export function alarmsSince(alerts: readonly Alert[], since: Instant): readonly Alert[] {
  return alerts
    .filter(({ ended }) => ended === undefined || ended.at >= since)
    .filter(({ about, since: from, seenAt }) => about === undefined || seenAt - from >= UNREADABLE_AFTER_MS)
    .sort((a, b) => b.since - a.since || (a.key < b.key ? -1 : 1));
}

/** The columns of a table of alarms. */
export const ALARM_COLUMNS = ['State', 'Run', 'Tenant', 'What', 'Since', 'Ended'] as const;

/** What was wrong, since when, and how it ended: a text for each column. */
export function alarmCells({ run, label, headline, since, ended }: Alert, timeZone: string): readonly string[] {
  return [
    label,
    run.title,
    run.tenant?.name ?? run.tenant?.id ?? '',
    headline,
    absoluteTime(since, { timeZone }),
    ended === undefined ? 'still' : `${ended.text}, ${absoluteTime(ended.at, { timeZone })}`,
  ];
}

/** The alarms as a table of HTML. */
export function alarmTable(alarms: readonly Alert[], timeZone: string): Html {
  const rows = alarms.map((alarm) => {
    const [state, ...rest] = alarmCells(alarm, timeZone);
    const tone = VERDICT_TONES[alarm.level === 'likely_stale' ? 'stale' : 'late'];
    return html`<tr>
      <td data-tone="${tone}">${state}</td>
      ${rest.map((text) => html`<td>${text}</td> `)}
    </tr> `;
  });
  return html`<section id="alarms">
    <h2>Alarms</h2>
    ${
      alarms.length === 0
        ? html`<p>There was none.</p>`
        : html`<table>
            <thead>
              <tr>
                ${ALARM_COLUMNS.map((text) => html`<th scope="col">${text}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${rows}
            </tbody>
          </table>`
    }
  </section>`;
}
