import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonText } from './output/json.js';
import { sanitizeInline } from './output/sanitize.js';
import { FORMAT_NAMES, renderReport } from './output/formats/registry.js';
import { aReport, aRun } from './output/test-report.js';
import { createScrubber } from './scrub.js';

const TOKEN = 'ghs_Secret+Token/42';
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('createScrubber', () => {
  const basic = base64('someone:pa$$ word/1');
  const scrub = createScrubber(['Bearer tok-12345', 'key+/=9', `Basic ${basic}`, '12345678', TOKEN]);

  it.each([
    ['Bad token tok-12345!', 'Bad token ***!'],
    ['authorization: Bearer tok-12345', 'authorization: ***'],
    ['?k=key%2B%2F%3D9', '?k=***'],
    [`got ${basic}`, 'got ***'],
    ['someone:pa$$ word/1', '***'],
    ['password pa$$ word/1 is wrong', 'password *** is wrong'],
    ['Bearer realm="x"', 'Bearer realm="x"'],
    ['TOK-12345 and Tok-12345', '*** and ***'],
    ['t\u200bo\u2060k\u{e0041}-1\u00ad2345', '***'],
    ['%74ok-%31%32345', '***'],
    [`for ${TOKEN}:x`, 'for ***:x'],
    ['number 12345678 and 1234', 'number *** and 1234'],
  ])('makes %s into %s', (text, scrubbed) => {
    expect(scrub(text)).toBe(scrubbed);
  });

  it.each(['', 'a', 'ab', 'abc', 'ab:'])('finds a secret in the base64 of %j and more', (before) => {
    for (const encoding of ['base64', 'base64url'] as const) {
      const shown = scrub(Buffer.from(`${before}${TOKEN} and more`).toString(encoding));
      expect(shown).toContain('***');
      expect(Buffer.from(shown.replace('***', ''), encoding).toString()).not.toContain('Secret');
    }
  });

  it('finds a secret in what is printed, however a title splits or spells it', () => {
    const invisible = fc.constantFrom('', '', '\u200b', '\u00ad', '\ufeff', '\u{e0041}', '\u202e');
    const spell = (character: string) =>
      fc.tuple(
        invisible,
        fc.constantFrom(character, character.toUpperCase(), character.toLowerCase(), encodeURIComponent(character)),
      );
    const spelling = fc.tuple(...TOKEN.split('').map(spell)).map((pairs) => pairs.flat().join(''));
    fc.assert(
      fc.property(spelling, fc.string(), fc.string(), (title, before, after) => {
        for (const printed of [jsonText({ title: before + title + after }), sanitizeInline(before + title + after)]) {
          const shown = scrub(printed)
            .replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
            .replace(/\\u[0-9a-f]{4}|\p{Default_Ignorable_Code_Point}/giu, '')
            .toLowerCase();
          expect(shown).not.toContain('secret+token');
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each(FORMAT_NAMES.filter((name) => name !== 'template'))(
    'finds a secret in what is printed as %s',
    async (format) => {
      const secrets = [
        'Qx7_Zk9-Wv3.Lm5',
        'Qx7+Zk9/Wv3=Lm5',
        'Qx7&Zk9<Wv3>Lm5',
        `Qx7'Zk9"Wv3""Lm5`,
        'Qx7|Zk9[Wv3]Lm5|[Nb2',
        'Qx7*Zk9`Wv3~Lm5',
        'Qx7\\+Zk9\\\\Wv3#Lm5!Nb2',
        'Qx7%Zk9%2BWv3$Lm5',
        'Qx7@Zk9:Wv3(Lm5)',
        'Qx7::Zk9##Wv3',
      ];
      for (const secret of secrets) {
        const title = `see ${secret} ${encodeURIComponent(secret)} ${secret.toUpperCase()} ${[...secret].join('\u200b')}`;
        const printed = await renderReport(format, aReport([aRun({ title, type: secret, id: secret })]), {});
        const shown = createScrubber([`Bearer ${secret}`])(printed);
        // What is left of it when no escape is.
        const letters = shown
          .replaceAll(/&#?\w{1,8};|%[\da-f]{2}|\\u[\da-f]{4}|\|0x[\da-f]{4}/gi, '')
          .replaceAll(/[^a-z\d]/gi, '');
        expect(letters.toLowerCase()).not.toContain('qx7zk9');
      }
    },
  );

  it('leaves text alone if a secret is too short to be one', () => {
    expect(createScrubber(['a', '1234', 'abc'])('a banana abc 1234')).toBe('a banana abc 1234');
    expect(createScrubber([])('as it is')).toBe('as it is');
  });

  it('keeps the value of JSON apart from the secret', () => {
    const quoted = createScrubber(['sec"ret\\x']);
    expect(JSON.parse(quoted(jsonText({ a: 'is sec"ret\\x!', b: 1 })))).toEqual({ a: 'is ***!', b: 1 });
  });

  it('takes linear time on a large output', () => {
    const large = 'ghs_secre\\u200b%67'.repeat(50_000);
    const startedAt = performance.now();
    expect(scrub(large)).toBe(large);
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });
});
