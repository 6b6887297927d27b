/** Most texts: nothing in them needs replacing. */
const PLAIN = /^[\x20-\x22\x24-\x39\x3b-\x7e]*$/;

/**
 * Complete terminal sequences, 7 and 8 bit: strings (OSC, DCS, SOS, PM, APC) with their terminator, CSI, and the short ones. The
 * body of a string ends at the next introducer, so that many unterminated ones take linear time.
 */
const SEQUENCES =
  // oxlint-disable-next-line no-control-regex
  /(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]*(?:\x07|\x1b\\|\x9c)|(?:\x1b\[|\x9b)[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]|\x1b[\x20-\x2f]*[\x30-\x7e]/g;

/** Characters that end a line or move within it: tab, LF, VT, FF, CR, NEL, U+2028, U+2029. */
// oxlint-disable-next-line no-control-regex
const BREAKS = /\r\n|[\t-\r\x85\u2028\u2029]/g;

/** The other control characters, and halves of surrogate pairs. */
const CONTROLS = /[\p{Cc}\p{Cs}]/gu;

/**
 * Invisible characters that change what is shown: bidi controls, zero-width characters, fillers, variation selectors, tag
 * characters, annotation marks.
 */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\u{fff9}-\u{fffb}]/gu;

/** Many marks on one letter overlap the lines above and below; no script needs more than four. */
const PILED_MARKS = /(\p{M}{4})\p{M}+/gu;

/**
 * Commands that a CI system obeys in a log. GitHub's `::` works at the start of a line, and once text is wrapped a line may start
 * at any word; `##[` and `##vso[` (Azure), `##teamcity[` and GitLab's `section_start:` work anywhere.
 */
const COLONS = /(^|\s)(::+)/g;
const HASHES = /##(?=(?:vso|teamcity)?\[)/gi;
const SECTIONS = /section_(start|end):/gi;

/**
 * Makes text from an API safe to print within one line, on a terminal or in a CI log.
 *
 * Terminal sequences and invisible characters are removed, line breaks and tabs become a space, other control characters become
 * U+FFFD, and a space breaks up the commands of CI systems. The result never contains a control character, and sanitizing it again
 * changes nothing. Commands are broken up outside CI too: logs are kept and replayed.
 */
export function sanitizeInline(text: string): string {
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

/** Like `sanitizeInline`, but keeps line breaks and tabs. */
export function sanitizeLines(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .split(/([\n\t])/)
    .map((part) => (part === '\n' || part === '\t' ? part : sanitizeInline(part)))
    .join('');
}

/**
 * Characters in JSON text that a terminal or an editor would obey, the start of a CI command, and `<`: a report may be put inside a
 * `<script>` as it is.
 */
const JSON_UNSAFE =
  /[<\x7f-\x9f\u2028\u2029\ud800-\udfff\p{Default_Ignorable_Code_Point}\u{fff9}-\u{fffb}]|#(?=#(?:vso|teamcity)?\[)/giu;

/** Makes JSON text safe to print without changing its value: unsafe characters become `\u` escapes. */
export function escapeJson(json: string): string {
  return json.replace(JSON_UNSAFE, (character) => {
    let escaped = '';
    for (let index = 0; index < character.length; index++) {
      escaped += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
    }
    return escaped;
  });
}

/** Makes a URL safe to print: other than printable ASCII is percent-encoded, the host name is in punycode. */
export function sanitizeUrl(url: string): string {
  try {
    return sanitizeInline(new URL(url).href);
  } catch {
    return sanitizeInline(url);
  }
}
