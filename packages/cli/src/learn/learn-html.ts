import { formatDuration, formatInstant, TOOK_SHARES, type Instant } from '@tardy/core';
import type { Bar, Proposal } from '@tardy/core/learn';
import { sanitizeInline } from '../output/sanitize.js';
import type { LearnFacts } from './learn-facts.js';
import { basisWords, grouped, refusalWords, testWords, thresholdWords } from './learn-words.js';

/** The size of a plot, in pixels, and the room for its labels. */
const PLOT = { width: 640, height: 160, left: 44, bottom: 22, top: 8, right: 8 } as const;

/** The least distance between two labels of an axis, in pixels. */
const TICK_ROOM = 30;

/** Where axes are labelled, in milliseconds. */
const TICKS = [1, 10, 60, 300, 900, 3600, 10_800, 21_600, 86_400, 604_800, 2_592_000].map((seconds) => seconds * 1000);

/**
 * What was learned as one HTML file without any reference to another: for each type the distribution of its runs and the share that was still
 * running after a time, with the thresholds and the runs that hung.
 */
export function learnHtml({ lessons, plan, options }: LearnFacts, generatedAt: Instant): string {
  const sections = lessons.flatMap(({ all, types, histograms }) =>
    (types.length === 0 ? [all] : types).map((proposal, index) =>
      section(proposal, histograms[index] ?? [], options.learning.confidence),
    ),
  );
  const { runs, exceedances } = plan.expected;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Learned thresholds</title>
<style>${STYLE}</style>
<main>
<h1>Learned thresholds</h1>
<p>Made by <code>tardy learn</code> at ${formatInstant(Math.floor(generatedAt / 1000) * 1000)}. ${grouped(exceedances)} of ${grouped(runs)} replayed runs would have been called stuck.</p>
${sections.join('\n')}
</main>
</html>
`;
}

function section(proposal: Proposal, bars: readonly Bar[], confidence: number): string {
  const { source, type, clock, verdict } = proposal;
  const title = escape(`${source} · ${type ?? 'all types'}${clock === 'run' ? '' : ` · ${clock}`}`);
  const basis = escape(basisWords(proposal));
  const rows = verdict.learned
    ? (['late', 'stale'] as const)
        .map((level) => {
          const threshold = verdict[level];
          return `<tr><th scope="row">${level}</th><td>${formatDuration(threshold.value)}</td><td>${escape(thresholdWords(threshold, proposal, confidence))}</td><td>${testWords(threshold)}</td></tr>`;
        })
        .join('')
    : `<tr><th scope="row">refused</th><td colspan="3">${escape(refusalWords(verdict.refusal))}</td></tr>`;
  const plots = bars.length === 0 ? '' : histogramPlot(proposal, bars) + survivalPlot(proposal, bars);
  return `<section><h2>${title}</h2><p>${basis}</p><table>${rows}</table>${plots}</section>`;
}

/** Places on a logarithmic axis from the shortest to the longest, or to the last threshold. */
function axis(
  proposal: Proposal,
  bars: readonly Bar[],
): { readonly x: (ms: number) => number; readonly least: number; readonly most: number } {
  const least = bars[0]?.from ?? 1000;
  const { verdict } = proposal;
  const most = Math.max(bars.at(-1)?.to ?? least * 2, verdict.learned ? 1.1 * verdict.stale.value : 0);
  const width = PLOT.width - PLOT.left - PLOT.right;
  return { least, most, x: (ms) => PLOT.left + (Math.log(ms / least) / Math.log(most / least)) * width };
}

function histogramPlot(proposal: Proposal, bars: readonly Bar[]): string {
  const { x, least, most } = axis(proposal, bars);
  const highest = Math.max(...bars.map(({ ended, cut }) => ended + cut), 1);
  const height = PLOT.height - PLOT.bottom - PLOT.top;
  const rectangle = (bar: Bar, count: number, below: number, name: string) => {
    if (count === 0) return '';
    const tall = Math.max(1, (count / highest) * height);
    const y = PLOT.height - PLOT.bottom - tall - (below / highest) * height;
    const left = x(bar.from);
    return `<rect class="${name}" x="${px(left)}" y="${px(y)}" width="${px(Math.max(1, x(bar.to) - left - 1))}" height="${px(tall)}"><title>${formatDuration(Math.round(bar.from / 1000) * 1000)} to ${formatDuration(Math.round(bar.to / 1000) * 1000)}: ${grouped(count)} ${name === 'cut' ? 'hung' : 'ended'}</title></rect>`;
  };
  const rectangles = bars.map(
    (bar) => rectangle(bar, bar.ended, 0, 'ended') + rectangle(bar, bar.cut, bar.ended, 'cut'),
  );
  const hung = bars.map(({ from, to, cut }) =>
    cut === 0
      ? ''
      : `<text class="tick" x="${px((x(from) + x(to)) / 2)}" y="${PLOT.height - PLOT.bottom - 6}">${grouped(cut)} hung</text>`,
  );
  return plot(
    'How long its runs took',
    `${rectangles.join('')}${hung.join('')}${marks(proposal, x)}${ticks(x, least, most)}<text x="4" y="16">${grouped(highest)}</text>`,
  );
}

/** The share of the runs that took longer than a time. */
function survivalPlot(proposal: Proposal, bars: readonly Bar[]): string {
  const { x, least, most } = axis(proposal, bars);
  const height = PLOT.height - PLOT.bottom - PLOT.top;
  const y = (share: number) => PLOT.top + (1 - share) * height;
  const points = TOOK_SHARES.map((share, index) => ({ share, took: Math.max(proposal.took[index] ?? least, least) }));
  const line = points.map(({ share, took }, index) => {
    const from = y(1 - (points[index - 1]?.share ?? 0));
    return `${px(x(took))},${px(from)} ${px(x(took))},${px(y(1 - share))}`;
  });
  return plot(
    'The share that took longer',
    `<polyline points="${px(x(least))},${px(y(1))} ${line.join(' ')}"/>${marks(proposal, x)}${ticks(x, least, most)}<text x="4" y="16">100 %</text>`,
  );
}

/** The thresholds as lines with their names; those of two that are close stand below each other. */
function marks({ verdict }: Proposal, x: (ms: number) => number): string {
  if (!verdict.learned) return '';
  return (['late', 'stale'] as const)
    .map((level, index) => {
      const at = x(verdict[level].value);
      const isFar = at > 0.85 * PLOT.width;
      const label = `<text class="label" x="${px(isFar ? at - 5 : at + 5)}" y="${PLOT.top + 10 + index * 14}" text-anchor="${isFar ? 'end' : 'start'}">${level} ${formatDuration(verdict[level].value)}</text>`;
      return `<line class="${level}" x1="${px(at)}" x2="${px(at)}" y1="${PLOT.top}" y2="${PLOT.height - PLOT.bottom}"/>${label}`;
    })
    .join('');
}

/** The axis, with as many times as have room. */
function ticks(x: (ms: number) => number, least: number, most: number): string {
  const bottom = PLOT.height - PLOT.bottom;
  let last = -Infinity;
  const labels = TICKS.filter((at) => at >= least && at <= most).map((at) => {
    if (x(at) - last < TICK_ROOM) return '';
    last = x(at);
    return `<text class="tick" x="${px(x(at))}" y="${PLOT.height - 6}">${formatDuration(at)}</text>`;
  });
  return `<line class="axis" x1="${PLOT.left}" x2="${PLOT.width - PLOT.right}" y1="${bottom}" y2="${bottom}"/>${labels.join('')}`;
}

function plot(label: string, content: string): string {
  return `<div class="plot"><p>${label}</p><svg viewBox="0 0 ${PLOT.width} ${PLOT.height}" role="img" aria-label="${label}">${content}</svg></div>`;
}

function px(value: number): string {
  return value.toFixed(1);
}

function escape(text: string): string {
  return sanitizeInline(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
html { background: light-dark(#fff, #161a22); color: light-dark(#1b2130, #e8ebf1); } body { margin: 2rem auto; max-width: 44rem; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { margin: 2.5rem 0 0; font-size: 1.15rem; overflow-wrap: anywhere; } h2 + p { margin: 0 0 .5rem; }
table { border-collapse: collapse; } th, td { padding: 0 .8rem .2rem 0; text-align: start; vertical-align: top; }
.plot { margin: .75rem 0 0; } .plot p { margin: 0; font-size: 13px; color: light-dark(#555, #aaa); } svg { display: block; width: 100%; }
text { font-size: 11px; fill: currentColor; } .tick { text-anchor: middle; } .label { font-weight: 600; }
.ended { fill: light-dark(#6c8ebf, #5f83b8); } .cut { fill: light-dark(#b5442e, #e8705a); }
.axis { stroke: light-dark(#999, #777); } polyline { fill: none; stroke: currentColor; stroke-width: 1.5; }
.late, .stale { stroke-width: 2; } .late { stroke: light-dark(#b26a00, #ffb64d); stroke-dasharray: 5 3; } .stale { stroke: light-dark(#b5442e, #ff8f8a); }
@media (max-width: 40rem) { text { font-size: 18px; } }
`;
