import { toneOf, type Tone } from './present-label.js';
import { DEFAULT_FILTER, type RunFilter } from './query.js';
import type { FigureName, PageMessages } from './surface-messages.js';
import type { Totals } from './summary.js';

/** One metric of a dashboard, with the slice of the list that it counts. */
export type Figure = {
  readonly name: FigureName;
  readonly value: number;
  readonly tone: Tone;
  readonly label: string;
  /** The text below it; may be empty. */
  readonly detail: string;
  /** The tone of that text. */
  readonly detailTone: Tone;
  readonly filter: RunFilter;
};

/** `withheld` if there is no newer data: then nothing is called healthy. */
export type FigureOptions = {
  readonly surfaces: PageMessages;
  readonly filter?: Partial<RunFilter> | undefined;
  readonly withheld?: boolean | undefined;
  /** The tone of the worst run among those that ended lately and need a follow-up; by default that of a failed run. */
  readonly followUpTone?: Tone | undefined;
};

/** The metrics in their order. Runs that cannot be judged are among them only if there are any. */
export function presentFigures(
  totals: Totals,
  { surfaces, filter, withheld = false, followUpTone = toneOf('failed') }: FigureOptions,
): readonly Figure[] {
  const unhealthy = totals.late + totals.likelyStale + totals.unknown;
  const slice = { ...DEFAULT_FILTER, ...filter };
  const attention = { ...slice, tab: 'active_stale_attention', problemClass: 'active_stale_attention' } as const;
  const figure = (name: FigureName, value: number, tone: Tone, detail: string, where: RunFilter): Figure => ({
    name,
    value,
    tone: value > 0 ? tone : withheld ? 'neutral' : 'calm',
    label: surfaces.figures[name],
    detail,
    detailTone: 'neutral',
    filter: where,
  });
  const activeDetail =
    unhealthy > 0 ? surfaces.unhealthy(unhealthy) : withheld || totals.active === 0 ? '' : surfaces.allHealthy;
  const worst = totals.likelyStale > 0 ? 'likely_stale' : totals.late > 0 ? 'late' : 'unknown';
  const activeTone = unhealthy > 0 ? toneOf(worst) : withheld ? 'neutral' : 'calm';
  const figures = [
    // The total is neither good nor bad: only what is bad in it has a colour.
    {
      ...figure('active', totals.active, 'calm', activeDetail, { ...slice, tab: 'active' }),
      detailTone: activeTone,
    },
    figure('likely_stale', totals.likelyStale, toneOf('likely_stale'), '', { ...attention, state: 'likely_stale' }),
    figure('late', totals.late, toneOf('late'), '', { ...attention, state: 'late' }),
  ];
  if (totals.unknown > 0) {
    figures.push(figure('unknown', totals.unknown, toneOf('unknown'), '', { ...attention, state: 'unknown' }));
  }
  figures.push(
    figure('follow_up_lately', totals.followUpLately, followUpTone, surfaces.lately, {
      ...slice,
      tab: 'terminal_follow_up',
      problemClass: 'terminal_follow_up',
    }),
  );
  return figures;
}
