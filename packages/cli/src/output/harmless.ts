/** What most texts are: nothing in them needs a second look. */
const PLAIN = /^[\x20-\x22\x24-\x39\x3b-\x7e]*$/;

/**
 * Whole terminal sequences, 7 and 8 bit: strings (OSC, DCS, SOS, PM, APC) with their terminator, CSI, and the short ones. The
 * body of a string stops at the next introducer, so that many of them without an end take linear time.
 */
const SEQUENCES =
  // oxlint-disable-next-line no-control-regex
  /(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]*(?:\x07|\x1b\\|\x9c)|(?:\x1b\[|\x9b)[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]|\x1b[\x20-\x2f]*[\x30-\x7e]/g;

/** What ends a line or moves along it somewhere: tab, LF, VT, FF, CR, NEL, U+2028, U+2029. */
// oxlint-disable-next-line no-control-regex
const BREAKS = /\r\n|[\t-\r\x85\u2028\u2029]/g;

/** The other control characters, and halves of surrogate pairs. */
const CONTROLS = /[\p{Cc}\p{Cs}]/gu;

/**
 * What shows nothing and yet changes what is shown: bidi controls, zero-width characters, fillers, variation selectors, tag
 * characters, annotation marks.
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\u{fff9}-\u{fffb}]/gu;

/** Marks piled upon one letter run into the lines above and below; no script needs more than four. */
const PILED_MARKS = /(\p{M}{4})\p{M}+/gu;

/**
 * Commands that a CI system looks for in a log. GitHub's `::` counts where a line starts, and a line may start at any word once
 * text is wrapped; `##[` and `##vso[` (Azure), `##teamcity[` and GitLab's `section_start:` count anywhere.
 */
const COLONS = /(^|\s)(::+)/g;
const HASHES = /##(?=(?:vso|teamcity)?\[)/gi;
const SECTIONS = /section_(start|end):/gi;

/**
 * Makes text of an API fit to be printed within a line, on a terminal or in a log of CI.
 *
 * Terminal sequences go as a whole, line breaks and tabs become a space, other control characters U+FFFD, invisible ones go;
 * the commands of CI systems are broken by a space. The result never holds a control character, and a second pass changes
 * nothing. Commands are broken outside CI too: logs are kept and replayed.
 */
export function harmlessInline(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .replace(SEQUENCES, '')
    .replace(BREAKS, ' ')
    .replace(CONTROLS, '\u{fffd}')
    .replace(INVISIBLE, '')
    .replace(PILED_MARKS, '$1')
    .replace(COLONS, (_, before: string, colons: string) => before + [...colons].join(' '))
    .replace(HASHES, '# #')
    .replace(SECTIONS, 'section_$1 :');
}

/** The same for text that rightly has lines and, by tabs, columns. */
export function harmlessLines(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .split(/([\n\t])/)
    .map((part) => (part === '\n' || part === '\t' ? part : harmlessInline(part)))
    .join('');
}

/** Characters of a JSON text that a terminal or an editor would obey, and the start of a CI command. */
const JSON_UNSAFE =
  /[\x7f-\x9f\u2028\u2029\ud800-\udfff\p{Default_Ignorable_Code_Point}\u{fff9}-\u{fffb}]|#(?=#(?:vso|teamcity)?\[)/giu;

/** Makes JSON text harmless without changing what it says: characters are written as `\u` escapes. */
export function harmlessJson(json: string): string {
  return json.replace(JSON_UNSAFE, (character) => {
    let escaped = '';
    for (let index = 0; index < character.length; index++) {
      escaped += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
    }
    return escaped;
  });
}

/** Makes a web address harmless: what is not printable ASCII is percent-encoded, a host name written in punycode. */
export function harmlessUrl(url: string): string {
  try {
    return harmlessInline(new URL(url).href);
  } catch {
    return harmlessInline(url);
  }
}
