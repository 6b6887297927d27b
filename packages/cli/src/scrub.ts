import { sanitizeInline } from './output/sanitize.js';

/** Header name → value. Any header may be a secret, not only `Authorization`. */
export type Credentials = Readonly<Record<string, string>>;

/** Shorter pieces are not secrets, and replacing them would garble ordinary words. */
const SHORTEST = 4;

/** Shorter numbers and base64 pieces are not telling, and replacing them would garble ordinary ones. */
const SHORTEST_CODED = 8;

/**
 * One part of a text that stands for something else, or for nothing: escapes of JSON, Markdown, URLs, HTML, TeamCity and CSV, and invisible
 * characters.
 */
const CODED =
  /(?:\\u[\da-f]{4})+|\\[!-/:-@[-`{-~]|(?:%[\da-f]{2})+|&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-f]{1,6});|\|(?:['|[\]]|0x[\da-f]{4})|""|\p{Default_Ignorable_Code_Point}+/giu;

/** What Nagios gets in place of a bar, which would end its text. */
const BROKEN_BAR = '¦';

/** What the named entities of HTML and XML stand for. */
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * Makes a function that removes secrets from a text, because a server may echo what it was sent, also in the title of a run. Covers
 * the values, the part after the scheme (`Bearer …`), the halves of `Basic …`, each in any case, split by invisible characters,
 * URL-encoded, escaped for JSON, and in base64.
 */
export function createScrubber(secrets: readonly string[]): (text: string) => string {
  const pieces = secrets.flatMap(piecesOf);
  const spelled = pieces.flatMap((piece) => [piece, ...base64Of(piece)]);
  // A secret may hold what looks like an escape, or what outputs replace; a format may escape what a URL has escaped, or split it: `%252F`.
  const changed = pieces.flatMap((piece) => {
    const harmless = sanitizeInline(piece);
    return [
      harmless,
      harmless.replaceAll('|', BROKEN_BAR),
      encodeURIComponent(piece.replaceAll(/\p{Surrogate}/gu, '')),
    ];
  });
  const forms = [
    ...new Set([
      ...[...spelled, ...changed].map((form) => decode(form).plain),
      ...[...spelled, ...changed].map((form) => lowered(form)),
    ]),
  ];
  if (forms.length === 0) return (text) => text;
  return (text) => {
    const decoded = decode(text);
    const ranges = forms.flatMap((form) => occurrences(decoded.plain, form));
    return ranges.length === 0 ? text : replaceRanges(text, decoded, ranges);
  };
}

/** A text decoded and in lower case, in stretches that know where in the original they come from. */
type Decoded = { readonly plain: string; readonly stretches: readonly Stretch[] };

/** `coded` ones stand for one part of the original, others are the original. */
type Stretch = { readonly at: number; readonly from: number; readonly length: number; readonly coded: boolean };

type Range = readonly [start: number, end: number];

function decode(text: string): Decoded {
  let plain = '';
  const stretches: Stretch[] = [];
  const add = (part: string, from: number, length: number, coded: boolean): void => {
    if (part === '') return;
    stretches.push({ at: plain.length, from, length, coded });
    plain += part;
  };
  let from = 0;
  for (const { 0: code, index } of text.matchAll(CODED)) {
    add(lowered(text.slice(from, index)), from, index - from, false);
    add(lowered(meaningOf(code)), index, code.length, true);
    from = index + code.length;
  }
  add(lowered(text.slice(from)), from, text.length - from, false);
  return { plain, stretches };
}

function meaningOf(code: string): string {
  if (code.startsWith('\\u')) {
    const units = code.slice(2).split(/\\u/i);
    return String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16))).replace(INVISIBLE, '');
  }
  if (code.startsWith('\\') || code === '""') return code.slice(1);
  if (code.startsWith('&')) return entity(code.slice(1, -1));
  if (code.startsWith('|0x')) return String.fromCharCode(Number.parseInt(code.slice(3), 16)).replace(INVISIBLE, '');
  if (code.startsWith('|')) return code.slice(1);
  if (code.startsWith('%')) return Buffer.from(code.replaceAll('%', ''), 'hex').toString('utf8').replace(INVISIBLE, '');
  return '';
}

function entity(name: string): string {
  const number = /^#(x?)(\w+)$/i.exec(name);
  if (number === null) return ENTITIES[name.toLowerCase()] ?? '';
  const point = Number.parseInt(number[2] ?? '', number[1] === '' ? 10 : 16);
  return point <= 0x10ffff ? String.fromCodePoint(point).replace(INVISIBLE, '') : '';
}

/** In lower case, with base64 as URLs have it; never of another length, so that places can be found again. */
function lowered(text: string): string {
  const lower = text.toLowerCase();
  return (lower.length === text.length ? lower : text).replaceAll('+', '-').replaceAll('/', '_');
}

function occurrences(plain: string, form: string): Range[] {
  const ranges: Range[] = [];
  for (let at = plain.indexOf(form); at >= 0; at = plain.indexOf(form, at + form.length)) {
    ranges.push([at, at + form.length]);
  }
  return ranges;
}

function replaceRanges(text: string, { stretches }: Decoded, ranges: Range[]): string {
  let scrubbed = '';
  let written = 0;
  for (const [start, end] of ranges.sort((a, b) => a[0] - b[0])) {
    const first = stretchAt(stretches, start);
    const last = stretchAt(stretches, end - 1);
    const from = first.coded ? first.from : first.from + start - first.at;
    const to = last.coded ? last.from + last.length : last.from + end - last.at;
    // Ranges may overlap: the token within its header, a coded part that two of them share.
    if (from >= written) scrubbed += `${text.slice(written, from)}***`;
    written = Math.max(written, to);
  }
  return scrubbed + text.slice(written);
}

/** The stretch that holds a place of the decoded text, by binary search. */
function stretchAt(stretches: readonly Stretch[], at: number): Stretch {
  let low = 0;
  let high = stretches.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((stretches[middle]?.at ?? Infinity) <= at) low = middle;
    else high = middle - 1;
  }
  return stretches[low] ?? { at: 0, from: 0, length: 0, coded: false };
}

function piecesOf(value: string): string[] {
  const [scheme = '', ...rest] = value.trim().split(/\s+/);
  const pieces = rest.length === 0 ? [scheme] : [value.trim(), rest.join(' '), ...rest];
  if (/^basic$/i.test(scheme)) {
    const pair = Buffer.from(rest.join(''), 'base64').toString('utf8');
    pieces.push(pair, pair.slice(pair.indexOf(':') + 1));
  }
  return pieces.filter((piece) => piece.length >= (/^\d+$/.test(piece) ? SHORTEST_CODED : SHORTEST));
}

/** The base64 of a text that contains the piece, at each of the three positions it can have; only characters of the piece alone. */
function base64Of(piece: string): string[] {
  const bytes = Buffer.from(piece, 'utf8');
  return [0, 1, 2]
    .map((before) => {
      const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
      return encoded.slice([0, 2, 3][before], Math.floor(((before + bytes.length) * 8) / 6));
    })
    .filter((form) => form.length >= SHORTEST_CODED);
}
