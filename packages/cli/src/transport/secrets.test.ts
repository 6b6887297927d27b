import { describe, expect, it } from 'vitest';
import { createScrubber, identifyCredentials, quoteForeign } from './secrets.js';

describe('createScrubber', () => {
  const basic = Buffer.from('someone:pa$$ word/1').toString('base64');
  const scrub = createScrubber({ authorization: 'Bearer tok-12345', 'x-api-key': 'key+/=9', proxy: `Basic ${basic}` });

  it.each([
    ['Bad token tok-12345!', 'Bad token ***!'],
    ['authorization: Bearer tok-12345', 'authorization: ***'],
    ['?k=key%2B%2F%3D9', '?k=***'],
    [`got ${basic}`, 'got ***'],
    ['someone:pa$$ word/1', '***'],
    ['password pa$$ word/1 is wrong', 'password *** is wrong'],
    ['Bearer realm="x"', 'Bearer realm="x"'],
  ])('makes %s into %s', (text, scrubbed) => {
    expect(scrub(text)).toBe(scrubbed);
  });

  it('leaves text alone where a credential is too short to be one', () => {
    expect(createScrubber({ 'x-key': 'a' })('a banana')).toBe('a banana');
  });
});

describe('identifyCredentials', () => {
  it('tells credentials apart without holding them', () => {
    const identity = identifyCredentials({ a: 'secret-1', B: '2' });
    expect(identity).not.toContain('secret');
    expect(identity).toBe(identifyCredentials({ b: '2', A: 'secret-1' }));
    expect(identity).not.toBe(identifyCredentials({ a: 'secret-2', b: '2' }));
  });
});

describe('quoteForeign', () => {
  it.each([
    ['\u001b[31mred\u001b[0m\r\n::error::x', '[31mred [0m ::error::x'],
    ['left\u202eright\u2028next\u200b', 'left right next'],
    ['\u009b31mC1', '31mC1'],
  ])('makes %j harmless', (text, quoted) => {
    expect(quoteForeign(text)).toBe(quoted);
  });

  it('cuts by characters, not through them', () => {
    expect(quoteForeign('🚚'.repeat(300), 5)).toBe('🚚🚚🚚🚚…');
  });
});
