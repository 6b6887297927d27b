import type { Freshness } from './classify.js';
import { LABEL_ICONS, type IconName } from './icon.js';
import type { Messages } from './messages.js';
import { en } from './messages/en.js';
import { elapsedOf, type Elapsed } from './present-elapsed.js';
import { labelKey, toneOf, type Tone } from './present-label.js';
import { presentProgress, type ProgressWords } from './present-progress.js';
import { Words } from './present-words.js';
import type { Instant, Run } from './run.js';

/** How much is shown: a badge and a few words, one line, or sentences. It never changes the words. */
export type Density = 'compact' | 'row' | 'full';

/** The text for one run at one instant: the same on every surface. */
export type Presentation = {
  readonly label: string;
  readonly tone: Tone;
  readonly icon: IconName;
  /** A few words on what is happening, without a full stop. */
  readonly headline: string;
  /** Why the run is in this state, in sentences that name the threshold and its rule. */
  readonly reason: string;
  /** What to do; empty if nothing is needed. */
  readonly guidance: string;
  readonly elapsed: Elapsed | undefined;
  readonly progress: ProgressWords | undefined;
};

/** One part of what a surface shows at some density. */
export type PresentationLine = {
  readonly role: 'headline' | 'elapsed' | 'progress' | 'reason' | 'guidance';
  readonly text: string;
};

/**
 * `messages` defaults to English; `previous` is the same run as last seen, for honest progress; `withheld` says that there is no data newer
 * than `now`, so that a healthy run is not called healthy; late and stuck ones stay as they were.
 */
export type PresentOptions = {
  readonly messages?: Messages | undefined;
  readonly previous?: Run | undefined;
  readonly withheld?: boolean | undefined;
  /** The name of the system that the run was read from. Default: the name of its source. */
  readonly sourceTitle?: string | undefined;
};

/**
 * Puts a verdict into words. `now` is when it was judged.
 *
 * Third-party text (titles, types, flags, failures) is passed through as it is: each surface sanitizes it for its output.
 */
export function present(run: Run, freshness: Freshness, now: Instant, options: PresentOptions = {}): Presentation {
  const messages = options.messages ?? en;
  const withheld = options.withheld === true && freshness.state === 'fresh';
  const key = withheld ? 'withheld' : labelKey(run, freshness, now);
  const label = messages.labels[key];
  const words = new Words(run, freshness, now, messages, options.sourceTitle ?? run.source);
  const headline = words.headline(label);
  return {
    label,
    tone: toneOf(key),
    icon: LABEL_ICONS[key],
    headline: withheld ? messages.headline.withheld(headline) : headline,
    reason: withheld ? messages.reason.withheld : words.reason(),
    guidance: withheld ? '' : words.guidance(),
    elapsed: elapsedOf(run, freshness, now, messages),
    progress: presentProgress(run, messages, options.previous),
  };
}

/** The parts to show at a density, in order. */
export function presentationLines(presentation: Presentation, density: Density): readonly PresentationLine[] {
  const { headline, elapsed, progress, reason, guidance } = presentation;
  const lines: PresentationLine[] = [{ role: 'headline', text: headline }];
  if (density === 'compact') return lines;
  if (progress !== undefined) lines.push({ role: 'progress', text: progress.text });
  if (density === 'row') return lines;
  if (elapsed?.kind === 'silent') lines.splice(1, 0, { role: 'elapsed', text: elapsed.text });
  if (reason !== '') lines.push({ role: 'reason', text: reason });
  if (guidance !== '') lines.push({ role: 'guidance', text: guidance });
  return lines;
}

/** The plain-text form: `Likely stuck: No heartbeat for 42 min`, at `full` density one line for each part. */
export function presentationText(presentation: Presentation, density: Density): string {
  const [headline, ...rest] = presentationLines(presentation, density).map(({ text }) => text);
  return [`${presentation.label}: ${headline}`, ...rest].join(density === 'full' ? '\n' : ' · ');
}
