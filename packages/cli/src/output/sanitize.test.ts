import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sanitizeInline, escapeJson, sanitizeLines, sanitizeUrl } from './sanitize.js';
import { ATTACKS, harmIn } from './test-attacks.js';

/** Text made of what matters here far more often than chance would have it. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...ATTACKS.map(({ text }) => text)),
      fc.constantFrom(
        '\x1b',
        '[',
        ']',
        '\x9b',
        '\x9c',
        '\x07',
        ':',
        '::',
        '#',
        '##',
        'vso[',
        ' ',
        '\u200b',
        '\n',
        '\\',
        'm',
        ';',
        '1',
        '\u0301',
      ),
      fc.string({ unit: 'binary' }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('sanitizeInline', () => {
  it.each([
    { what: 'plain text', text: 'Nightly baseline #12: done', expected: 'Nightly baseline #12: done' },
    { what: 'letters of any script', text: 'Überprüfung 日本語 नमस्ते 👍', expected: 'Überprüfung 日本語 नमस्ते 👍' },
    { what: 'a namespace', text: 'crate::module::f', expected: 'crate::module::f' },
    { what: 'colors', text: '\x1b[1;31mred\x1b[0m!', expected: 'red!' },
    { what: 'a hyperlink, keeping its text', text: '\x1b]8;;https://x\x1b\\click\x1b]8;;\x07', expected: 'click' },
    { what: 'a title without an end', text: '\x1b]0;owned', expected: '0;owned' },
    { what: 'a sequence that shows once another is gone', text: '\x1b[3\x1b[0m1mx', expected: '31mx' },
    { what: 'line breaks', text: 'one\r\ntwo\nthree\u2028four', expected: 'one two three four' },
    { what: 'control characters', text: 'a\x07b\x7fc\0', expected: 'a�b�c�' },
    { what: 'bidi and zero width', text: 'a\u202eb\u200bc', expected: 'abc' },
    { what: 'a GitHub command', text: '::error::x', expected: ': :error::x' },
    { what: 'a GitHub command that wrapping could put first', text: 'see ::error::x', expected: 'see : :error::x' },
    { what: 'an old GitHub command', text: 'a ##[error]x', expected: 'a # #[error]x' },
    { what: 'an Azure command', text: '##vso[task.complete]x', expected: '# #vso[task.complete]x' },
    { what: 'a GitLab section', text: 'section_start:1:x\r\x1b[0Ky', expected: 'section_start :1:x y' },
    { what: 'a heading', text: '## Heading', expected: '## Heading' },
  ])('sanitizes $what', ({ text, expected }) => {
    expect(sanitizeInline(text)).toBe(expected);
  });

  it.each(ATTACKS)('leaves nothing dangerous in: $name', ({ text }) => {
    expect(harmIn(sanitizeInline(text))).toBeUndefined();
  });

  it('leaves nothing dangerous in any text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(harmIn(sanitizeInline(text))).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const once = sanitizeInline(text);
        expect(sanitizeInline(once)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['introducers', '\x1b]'],
    ['8-bit introducers', '\x9d'],
    ['parameters', '\x1b[1;'],
    ['colons', ':'],
    ['marks', '\u0301'],
    ['blanks', ' '],
  ])('takes linear time for many %s', (_, part) => {
    const startedAt = performance.now();
    sanitizeInline(part.repeat(200_000));
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});

describe('sanitizeLines', () => {
  it('sanitizes each line and column separately', () => {
    expect(sanitizeLines('one\r\n::error::x\n\x1b[31mtwo\tthree')).toBe('one\n: :error::x\ntwo\tthree');
  });
});

describe('escapeJson', () => {
  it.each(ATTACKS)('says the same and leaves nothing dangerous in: $name', ({ text }) => {
    const json = escapeJson(JSON.stringify({ [text]: text }));
    expect(JSON.parse(json)).toEqual({ [text]: text });
    expect(harmIn(json.replace(/\p{M}/gu, '').replaceAll('section_start:', ''))).toBeUndefined();
  });

  it('leaves letters of any script as they are', () => {
    expect(escapeJson('"Überprüfung 日本語"')).toBe('"Überprüfung 日本語"');
  });

  it('escapes what lies beyond the first plane as a pair', () => {
    expect(escapeJson('"\u{e0069}"')).toBe('"\\udb40\\udc69"');
  });
});

describe('sanitizeUrl', () => {
  it.each([
    ['https://host.example/runs/1?a=b#c', 'https://host.example/runs/1?a=b#c'],
    ['https://host.example/\u202etxt', 'https://host.example/%E2%80%AEtxt'],
    ['https://host.example/\x1b[31m', 'https://host.example/%1B[31m'],
    ['https://pаypal.example/', 'https://xn--pypal-4ve.example/'],
  ])('writes %j as %s', (url, expected) => {
    expect(sanitizeUrl(url)).toBe(expected);
  });
});
