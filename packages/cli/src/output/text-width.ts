import { eastAsianWidth } from 'get-east-asian-width';
import type { Terminal } from './terminal.js';

/** Texts in which every character takes one column, including our own ellipsis. */
const NARROW = /^[\x20-\x7e…]*$/;
const MARK = /^\p{M}$/u;

/** Clusters that take two columns although none of their parts does: flags, and half-width katakana with a sound mark. */
const PAIR = /^(?:\p{RI}{2}|.[\uff9e\uff9f])$/u;

/**
 * How many columns sanitized text takes.
 *
 * `string-width` gives the same result for sanitized text, but takes 40 ms to load, as long as everything else; its tables of wide
 * characters are used here.
 */
export function textWidth(text: string): number {
  return NARROW.test(text) ? text.length : clustersOf(text).reduce((sum, cluster) => sum + clusterWidth(cluster), 0);
}

/**
 * Truncates sanitized text to a width, with an ellipsis. Never wider, never half a character, and never part of a number:
 * `silent for 42 min` must not become `silent for 4…`.
 */
export function truncate(text: string, width: number, { unicode }: Pick<Terminal, 'unicode'>): string {
  if (textWidth(text) <= width) return text;
  const mark = unicode ? '…' : width < 6 ? '.' : '...';
  const kept = text.slice(0, indexAtWidth(text, width - mark.length));
  const whole = /\d$/.test(kept) && /^[\d\s]/.test(text.slice(kept.length)) ? kept.replace(/(?<!\d)\d+$/, '') : kept;
  return (whole.trim() === '' ? kept : whole).trimEnd() + mark;
}

/** Pads text with spaces to a width. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - textWidth(text)));
  return align === 'left' ? text + space : space + text;
}

/** Wraps sanitized text between words into lines of at most a width; a longer word is split. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (textWidth(joined) <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (textWidth(line) > width) {
      const cut = indexAtWidth(line, width) || (clustersOf(line)[0] ?? line).length;
      lines.push(line.slice(0, cut));
      // A line must not begin with a GitHub command; `sanitizeInline` has broken up those between words only.
      line = line.slice(cut).replace(/^:(?=:)/, ': ');
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** Where to cut text to fit a width: never within a cluster. */
function indexAtWidth(text: string, width: number): number {
  let index = 0;
  let used = 0;
  for (const cluster of clustersOf(text)) {
    used += clusterWidth(cluster);
    if (used > width) break;
    index += cluster.length;
  }
  return index;
}

let segmenter: Intl.Segmenter | undefined;

function clustersOf(text: string): readonly string[] {
  if (NARROW.test(text)) return text.split('');
  // Created when first needed: it takes 15 ms, and most texts do not need it.
  segmenter ??= new Intl.Segmenter();
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** A cluster is as wide as its widest part; marks take no width of their own. */
function clusterWidth(cluster: string): number {
  if (PAIR.test(cluster)) return 2;
  const widths = [...cluster].map((character) =>
    MARK.test(character) ? 0 : eastAsianWidth(character.codePointAt(0) ?? 0),
  );
  return Math.max(0, ...widths);
}
