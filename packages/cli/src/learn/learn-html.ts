import { formatDuration, formatInstant, TOOK_SHARES, type Instant } from '@tardy/core';
import type { Bar, Proposal } from '@tardy/core/learn';
import { sanitizeInline } from '../output/sanitize.js';
import type { LearnFacts } from './learn-facts.js';
import { basisWords, grouped, refusalWords, testWords, thresholdWords } from './learn-words.js';

/** The size of a plot, in pixels, and the room for its labels. */
const PLOT = { width: 640, height: 160, left: 44, bottom: 22, top: 8, right: 8 } as const;

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
<h1>Learned thresholds</h1>
<p>Made by <code>tardy learn</code> at ${formatInstant(generatedAt)}. ${grouped(exceedances)} of ${grouped(runs)} replayed runs would have been called stuck.</p>
${sections.join('\n')}
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
          return `<tr><th>${level}</th><td>${formatDuration(threshold.value)}</td><td>${escape(thresholdWords(threshold, proposal, confidence))}</td><td>${testWords(threshold)}</td></tr>`;
        })
        .join('')
    : `<tr><th>refused</th><td colspan="3">${escape(refusalWords(verdict.refusal))}</td></tr>`;
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
  return plot(
    'How long its runs took',
    `${rectangles.join('')}${marks(proposal, x)}${ticks(x, least, most)}<text x="4" y="16">${grouped(highest)}</text>`,
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

function marks({ verdict }: Proposal, x: (ms: number) => number): string {
  if (!verdict.learned) return '';
  return (['late', 'stale'] as const)
    .map((level) => {
      const at = px(x(verdict[level].value));
      return `<line class="${level}" x1="${at}" x2="${at}" y1="${PLOT.top}" y2="${PLOT.height - PLOT.bottom}"><title>${level} ${formatDuration(verdict[level].value)}</title></line>`;
    })
    .join('');
}

function ticks(x: (ms: number) => number, least: number, most: number): string {
  return TICKS.filter((at) => at >= least && at <= most)
    .map((at) => `<text class="tick" x="${px(x(at))}" y="${PLOT.height - 6}">${formatDuration(at)}</text>`)
    .join('');
}

function plot(label: string, content: string): string {
  return `<div class="plot"><svg viewBox="0 0 ${PLOT.width} ${PLOT.height}" role="img" aria-label="${label}">${content}</svg><p>${label}</p></div>`;
}

function px(value: number): string {
  return value.toFixed(1);
}

function escape(text: string): string {
  return sanitizeInline(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 44rem; padding: 0 1rem; }
table { border-collapse: collapse; } th, td { padding: 0 .8rem .2rem 0; text-align: start; vertical-align: top; }
svg { width: 100%; } .plot p { margin: 0 0 .5rem; font-size: 13px; opacity: .8; }
text { font-size: 11px; fill: currentColor; } .tick { text-anchor: middle; }
.ended { fill: #6c8ebf; } .cut { fill: #b5442e; }
polyline { fill: none; stroke: currentColor; stroke-width: 1.5; }
.late { stroke: #b26a00; stroke-width: 2; stroke-dasharray: 5 3; } .stale { stroke: #b5442e; stroke-width: 2; }
`;
