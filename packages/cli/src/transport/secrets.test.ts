import { describe, expect, it } from 'vitest';
import { identifyCredentials, quoteForeign } from './secrets.js';

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
  ])('quotes %j safely', (text, quoted) => {
    expect(quoteForeign(text)).toBe(quoted);
  });

  it('cuts by characters, not through them', () => {
    expect(quoteForeign('🚚'.repeat(300), 5)).toBe('🚚🚚🚚🚚…');
  });
});
