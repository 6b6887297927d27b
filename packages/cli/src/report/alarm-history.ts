import { absoluteTime, VERDICT_TONES, type Alert, type Instant } from '@tardy/core';
import { html, type Html } from '../output/html.js';

/** The alarms of a state that a report shows: those that still stand, and those that ended since then. The newest first. */
export function alarmsSince(alerts: readonly Alert[], since: Instant): readonly Alert[] {
  return alerts
    .filter(({ ended }) => ended === undefined || ended.at >= since)
    .sort((a, b) => b.since - a.since || (a.key < b.key ? -1 : 1));
}

/** The alarms as a table: what was wrong, since when, and how it ended. */
export function alarmTable(alarms: readonly Alert[], timeZone: string): Html {
  const rows = alarms.map(
    ({ run, label, headline, level, since, ended }) =>
      html`<tr>
        <td data-tone="${VERDICT_TONES[level === 'likely_stale' ? 'stale' : 'late']}">${label}</td>
        <td>${run.title}</td>
        <td>${run.tenant?.name ?? run.tenant?.id}</td>
        <td>${headline}</td>
        <td>${absoluteTime(since, { timeZone })}</td>
        <td>${ended === undefined ? 'still' : `${ended.text}, ${absoluteTime(ended.at, { timeZone })}`}</td>
      </tr> `,
  );
  return html`<section id="alarms">
    <h2>Alarms</h2>
    ${
      alarms.length === 0
        ? html`<p>There was none.</p>`
        : html`<table>
            <thead>
              <tr>
                ${['State', 'Run', 'Tenant', 'What', 'Since', 'Ended'].map((text) => html`<th scope="col">${text}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${rows}
            </tbody>
          </table>`
    }
  </section>`;
}
