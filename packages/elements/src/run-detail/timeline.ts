import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import {
  clockTime,
  isActive,
  presentTimes,
  type ClockName,
  type ExplainedClock,
  type Explanation,
  type IconName,
  type Instant,
  type Run,
  type TimeOptions,
} from '@tardy/core';
import { icon } from '../icons/icons.js';
import type { DetailWords } from '../shared/catalogue.js';
import { timeText } from '../shared/time-text.js';

/** What the timeline is drawn from. */
export type Timeline = {
  readonly run: Run;
  readonly explanation: Explanation | undefined;
  readonly now: Instant;
  readonly rtl: boolean;
  /** The level of the heading of the page. */
  readonly level: number;
  readonly words: DetailWords;
  readonly times: TimeOptions;
};

/** One instant on the timeline. A threshold has the tone and the icon of the state that begins there. */
type Moment = {
  readonly at: Instant;
  readonly label: string;
  readonly icon: IconName | undefined;
  readonly tone: 'warning' | 'danger' | undefined;
};

/** A stretch of time: what the run did, or what a clock counts. */
type Lane = {
  readonly label: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly decides: boolean;
  readonly marks: readonly Moment[];
};

/** The marks that point from below a lane to the instant of a threshold: shapes that differ without their colours. */
const MARKS = { warning: 'M0-10V2L-4.5 10H4.5L0 2', danger: 'M0-10V2H-2L-4 4V8L-2 10H2L4 8V4L2 2H0' };

const LANE_PX = 44;
const AXIS_PX = 20;

/** The timeline of a run: a picture with a lane for each clock and its thresholds, and the same as a list of events. */
export function timeline(input: Timeline): TemplateResult | typeof nothing {
  const moments = momentsOf(input);
  const lanes = lanesOf(input);
  const [first] = moments;
  if (first === undefined || lanes.length === 0) return nothing;
  const { words, now, times, level } = input;
  const list = html`<ol part="events" class="events">
    ${moments.map(
      ({ at, label, icon: name, tone }) =>
        html`<li part="event" data-tone=${tone ?? 'calm'} ?data-ahead=${at > now}>
          ${name === undefined ? html`<span class="dot"></span>` : icon(name)}<span part="event-text">${label}</span>
          <span part="event-time" class="muted">${timeText(at, now, times)}</span>
        </li>`,
    )}
  </ol>`;
  return html`<section part="timeline" aria-label=${words.surfaces.detail.timeline}>
    <h3 aria-level=${level + 1}>${words.surfaces.detail.timeline}</h3>
    ${picture(input, lanes, moments)} ${list}
  </section>`;
}

function picture(input: Timeline, lanes: readonly Lane[], moments: readonly Moment[]): SVGTemplateResult {
  const { now, rtl, run, words } = input;
  const from = Math.min(...lanes.map((lane) => lane.from));
  const until = Math.max(...lanes.flatMap(({ to, marks }) => [to, ...marks.map(({ at }) => at)]));
  const scale = Math.max(until - from, 1);
  const x = (at: Instant) => {
    const share = (Math.min(Math.max(at, from), until) - from) / scale;
    return `${((rtl ? 1 - share : share) * 100).toFixed(2)}%`;
  };
  // The share of the picture that lies in the future.
  const ahead = (until - now) / scale;
  const time = (at: Instant) => clockTime(at, now, input.times);
  const bottom = lanes.length * LANE_PX;
  const name = `${words.surfaces.detail.timeline}: ${moments.map(({ label }) => label).join(', ')}`;
  return svg`<svg part="picture" class="picture" role="img" aria-label=${name} width="100%" height=${bottom + AXIS_PX}>
    ${lanes.map((lane, index) => laneOf(lane, index * LANE_PX, x, rtl))}
    ${
      isActive(run)
        ? svg`<line class="now" x1=${x(now)} x2=${x(now)} y1="0" y2=${bottom}></line>
          <text x=${x(now)} y=${bottom + 14} text-anchor=${ahead > 1 / 8 ? 'middle' : 'end'}>${words.surfaces.detail.now}</text>`
        : nothing
    }
    ${
      isActive(run) && ahead < 1 / 4
        ? nothing
        : svg`<text x=${x(until)} y=${bottom + 14} text-anchor="end">${time(until)}</text>`
    }
    <text x=${x(from)} y=${bottom + 14}>${time(from)}</text>
  </svg>`;
}

function laneOf(lane: Lane, y: number, x: (at: Instant) => string, rtl: boolean): SVGTemplateResult {
  const reached = lane.marks.filter(({ at }) => at < lane.to);
  // Between two thresholds the lane is in one state.
  const stretches = [{ at: lane.from, tone: undefined }, ...reached].map(({ at, tone }, index) => {
    const ends = [x(at), x(reached[index]?.at ?? lane.to)].map(Number.parseFloat).sort((a, b) => a - b);
    const [start = 0, end = 0] = ends;
    return svg`<rect data-tone=${tone ?? 'calm'} class="span" x="${start}%" width="${Math.max(end - start, 0.4)}%" y=${y + 18} height="10"></rect>`;
  });
  return svg`<g ?data-decides=${lane.decides}>
    <text x=${rtl ? '100%' : '0'} y=${y + 12}>${lane.label}</text>
    <rect class="track" x="0" width="100%" y=${y + 18} height="10"></rect>
    ${stretches}
    ${lane.marks.map(
      ({ at, tone = 'warning' }) =>
        svg`<svg class="mark" data-tone=${tone} x=${x(at)} y=${y + 28} overflow="visible"><path d=${MARKS[tone]}></path></svg>`,
    )}
  </g>`;
}

/** A lane for the wait, the work and each clock that judges the run. */
function lanesOf({ run, explanation, now, words }: Timeline): Lane[] {
  const { clocks } = words.surfaces.detail;
  const { labels } = words.messages;
  const end = isActive(run) ? now : (run.endedAt ?? run.reconciliation?.at ?? now);
  const lanes: Lane[] = [];
  const add = (label: string, from: Instant | undefined, to: Instant, clock?: ExplainedClock) => {
    if (from === undefined || from > to) return;
    const marks = clock === undefined ? [] : thresholdsOf(clock, words).filter(({ at }) => at <= now + (now - from));
    lanes.push({ label, from, to, decides: clock?.decides === true, marks });
  };
  const judged = new Map<ClockName, ExplainedClock>(explanation?.clocks.map((clock) => [clock.clock, clock]));
  if (run.queuedAt !== undefined && run.startedAt !== undefined) add(labels.queued, run.queuedAt, run.startedAt);
  if (!judged.has('run')) add(labels.running, run.startedAt, end);
  for (const clock of judged.values()) add(clocks[clock.clock], clock.startAt, now, clock);
  if (!isActive(run) || explanation === undefined) add(clocks.silence, run.heartbeatAt, end);
  return lanes;
}

function thresholdsOf({ clock, late, stale }: ExplainedClock, words: DetailWords): Moment[] {
  const { detail } = words.surfaces;
  const name = detail.clocks[clock];
  const moments: Moment[] = [];
  // The list has the deadline of the run itself already.
  if (late.at !== undefined && clock !== 'deadline')
    moments.push({ at: late.at, label: detail.late(name), icon: 'late', tone: 'warning' });
  if (stale.at !== undefined) moments.push({ at: stale.at, label: detail.stale(name), icon: 'stuck', tone: 'danger' });
  return moments;
}

/** All known instants, in their order. */
function momentsOf({ run, explanation, now, words, times }: Timeline): Moment[] {
  const moments: Moment[] = presentTimes(run, now, times).map(({ at, label }) => ({
    at,
    label,
    icon: undefined,
    tone: undefined,
  }));
  for (const clock of explanation?.clocks ?? []) moments.push(...thresholdsOf(clock, words));
  return moments.sort((a, b) => a.at - b.at);
}
