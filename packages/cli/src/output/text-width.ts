import { eastAsianWidth } from 'get-east-asian-width';
import type { Terminal } from './terminal.js';

/** Texts in which every character takes one column, our own mark for what is missing included. */
const NARROW = /^[\x20-\x7e…]*$/;
const MARK = /^\p{M}$/u;

/** Clusters that take two columns, though no part of them does: flags, and half-width katakana with their sound mark. */
const PAIR = /^(?:\p{RI}{2}|.[\uff9e\uff9f])$/u;

/**
 * How many columns harmless text takes.
 *
 * `string-width` says the same of harmless text, but takes 40 ms to load, as long as all else; its tables of wide characters
 * are used here.
 */
export function textWidth(text: string): number {
  return NARROW.test(text) ? text.length : clustersOf(text).reduce((sum, cluster) => sum + clusterWidth(cluster), 0);
}

/**
 * Cuts harmless text to a width, with a mark where something is missing. Never wider, never half a character, and never a part
 * of a number: `silent for 42 min` must not read as `silent for 4…`.
 */
export function truncate(text: string, width: number, { unicode }: Pick<Terminal, 'unicode'>): string {
  if (textWidth(text) <= width) return text;
  const mark = unicode ? '…' : width < 6 ? '.' : '...';
  const kept = text.slice(0, indexAtWidth(text, width - mark.length));
  const whole = /\d$/.test(kept) && /^[\d\s]/.test(text.slice(kept.length)) ? kept.replace(/\d+$/, '') : kept;
  return (whole.trim() === '' ? kept : whole).trimEnd() + mark;
}

/** Fills text up with spaces to a width. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - textWidth(text)));
  return align === 'left' ? text + space : space + text;
}

/** Breaks harmless text between words into lines of at most a width; a word that is longer is cut where it must be. */
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
      // A line must not begin with the mark of a GitHub command; `harmlessInline` has broken those between words only.
      line = line.slice(cut).replace(/^:(?=:)/, ': ');
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** Where text must be cut to take no more than a width: never within a character that is made of several. */
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
  // Made at first need: it takes 15 ms, and most texts can do without.
  segmenter ??= new Intl.Segmenter();
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** A cluster is as wide as its widest part; marks sit on what they belong to. */
function clusterWidth(cluster: string): number {
  if (PAIR.test(cluster)) return 2;
  const widths = [...cluster].map((character) =>
    MARK.test(character) ? 0 : eastAsianWidth(character.codePointAt(0) ?? 0),
  );
  return Math.max(0, ...widths);
}
