import { render } from '@lit-labs/ssr';
import { collectResult } from '@lit-labs/ssr/lib/render-result.js';
import { html } from 'lit';
import '../define.js';

const now = '2026-11-23T12:00:00Z';
const started_at = '2026-11-23T08:40:00Z';
const heartbeat_at = '2026-11-23T08:52:00Z';
const report = {
  now,
  runs: [
    { id: 'a', type: 't', title: 'Stuck run', status: 'running', started_at, heartbeat_at },
    {
      id: 'b',
      type: 't',
      title: 'Young run',
      status: 'running',
      started_at: '2026-11-23T11:58:00Z',
      progress: { processed: 1, total: 4 },
    },
    {
      id: 'c',
      type: 't',
      title: 'Failed run',
      status: 'completed',
      outcome: 'failed',
      started_at,
      ended_at: heartbeat_at,
    },
  ],
};

/** The elements as a server draws them, with their data written into the page for the browser. */
export async function serverPage(): Promise<string> {
  const shadows = await collectResult(
    render(html`
      <run-progress data-element .report=${report} now=${now} time-zone="UTC" lang="en"></run-progress>
      <ops-kpis data-element .report=${report} now=${now} time-zone="UTC" lang="en"></ops-kpis>
      <ops-attention data-element .report=${report} now=${now} time-zone="UTC" lang="en"></ops-attention>
      <ops-list data-element .report=${report} now=${now} time-zone="UTC" lang="en"></ops-list>
      <run-detail data-element .report=${report} run-id="a" now=${now} time-zone="UTC" lang="en"></run-detail>
    `),
  );
  const data = `<script type="application/json">${JSON.stringify(report)}</script>`;
  return shadows.replaceAll(/<\/(run-progress|ops-kpis|ops-attention|ops-list|run-detail)>/g, `${data}$&`);
}
