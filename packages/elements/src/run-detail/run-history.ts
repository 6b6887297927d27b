import { nothing, html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { formatSpan, presentHistory, runHistory, TOOK_SHARES, type Policy } from '@tardy/core';
import type { Timeline } from './timeline.js';

const BARS_PX = 48;
const AXIS_PX = 20;

/** Nothing is drawn shorter than a second: the axis is logarithmic. */
const SHORTEST_MS = 1000;

/**
 * How long earlier runs of the same type took, and this one among them, as a picture and in words; nothing where the policy has learned nothing
 * about its type.
 */
export function drawHistory(
  { run, now, rtl, level, words }: Omit<Timeline, 'explanation'>,
  policy: Policy,
): TemplateResult | typeof nothing {
  const among = runHistory(run, policy, now);
  if (among === undefined) return nothing;
  const { messages, surfaces } = words;
  const own = surfaces.detail.history;
  const { headline, usual } = presentHistory(among, own, messages);
  const took = among.took.map((ms) => Math.max(ms, SHORTEST_MS));
  const elapsed = Math.max(among.elapsed, SHORTEST_MS);
  const { late, stale } = policy.thresholdsFor(run).limits.run;
  const thresholds = run.status === 'completed' ? [] : [late, stale].filter((ms) => ms < Infinity);
  const all = [...took, elapsed, ...thresholds];
  const least = Math.min(...all);
  const most = Math.max(...all, least * 2);
  const place = (ms: number) => (100 * Math.log(ms / least)) / Math.log(most / least);
  const x = (ms: number) => `${(rtl ? 100 - place(ms) : place(ms)).toFixed(2)}%`;
  const line = (ms: number, name: string, tone: string | typeof nothing, dashes: string) =>
    svg`<line class=${name} data-tone=${tone} stroke-dasharray=${dashes} x1=${x(ms)} x2=${x(ms)} y1="0" y2=${BARS_PX}></line>`;
  const label = (ms: number, at: string, anchor: string) =>
    svg`<text x=${at} y=${BARS_PX + 14} text-anchor=${anchor}>${formatSpan(ms, messages.units)}</text>`;
  const [start, end] = rtl ? ['100%', '0'] : ['0', '100%'];
  return html`<section part="history" aria-label=${own.title}>
    <h3 aria-level=${level + 1}>${own.title}</h3>
    <svg
      part="history-picture"
      class="picture"
      role="img"
      aria-label=${headline}
      width="100%"
      height=${BARS_PX + AXIS_PX}
    >
      ${bars(took, place, (ms, width) => (rtl ? 100 - place(ms) - width : place(ms)))}
      ${thresholds.map((ms) => line(ms, 'mark', ms === stale ? 'danger' : 'warning', '4 3'))}
      ${line(elapsed, 'now', nothing, 'none')} ${label(least, start ?? '', 'start')} ${label(most, end ?? '', 'end')}
    </svg>
    <p part="history-text">${headline}</p>
    <p class="muted">${usual}</p>
  </section>`;
}

/** A bar for each stretch between two known shares, whose area is the share of the runs in it. */
function bars(
  took: readonly number[],
  place: (ms: number) => number,
  x: (from: number, width: number) => number,
): SVGTemplateResult[] {
  const stretches = took.slice(1).map((to, index) => {
    const from = took[index] ?? to;
    const width = Math.max(place(to) - place(from), 0.4);
    return { from, width, density: ((TOOK_SHARES[index + 1] ?? 0) - (TOOK_SHARES[index] ?? 0)) / width };
  });
  const highest = Math.max(...stretches.map(({ density }) => density));
  return stretches.map(({ from, width, density }) => {
    const height = Math.max(1, (density / highest) * BARS_PX);
    return svg`<rect class="span" data-tone="calm" x="${x(from, width).toFixed(2)}%" width="${width.toFixed(2)}%" y=${BARS_PX - height} height=${height}></rect>`;
  });
}
