import { describe, expect, it } from 'vitest';
import { nextLink } from './link-header.js';

describe('nextLink', () => {
  it.each([
    [
      'GitHub',
      '<https://api.github.com/x?page=2>; rel="next", <https://api.github.com/x?page=9>; rel="last"',
      'https://api.github.com/x?page=2',
    ],
    ['next after others', '<https://a/1>; rel="prev", <https://a/3>; rel="next"', 'https://a/3'],
    ['no quotes', '<https://a/3>;rel=next', 'https://a/3'],
    ['several relations', '<https://a/3>; rel="last next"', 'https://a/3'],
    ['other case', '<https://a/3>; REL="Next"', 'https://a/3'],
    ['other parameters', '<https://a/3>; title="one, two; rel=\\"x\\""; rel="next"', 'https://a/3'],
    ['a comma in the URL', '<https://a/3?ids=1,2>; rel="next"', 'https://a/3?ids=1,2'],
    ['the last page', '<https://a/1>; rel="first"', undefined],
    ['a relation that merely begins so', '<https://a/3>; rel="nextish"', undefined],
    ['a URL that does not end', '<https://a/3; rel="next"', undefined],
    ['nothing', '', undefined],
    ['no header', null, undefined],
    ['one far too long', `<https://a/3>; rel="next"${' '.repeat(20_000)}`, undefined],
  ])('reads %s', (_, header, next) => {
    expect(nextLink(header)).toBe(next);
  });

  it('takes no time over a hostile header', () => {
    const started = performance.now();
    for (const piece of ['<', '>', '"', '\\', ';', ',', ' ', '<>;rel="']) nextLink(piece.repeat(16_384 / piece.length));
    expect(performance.now() - started).toBeLessThan(200);
  });
});
