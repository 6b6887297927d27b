import { describe, expect, it } from 'vitest';
import { parseBaseUrl, resolveUrl, showUrl } from './url.js';

describe('parseBaseUrl', () => {
  it.each([
    ['https://host/prefix', 'https://host/prefix/'],
    ['https://HOST:443/prefix/?a=1#b', 'https://host/prefix/'],
    ['http://host', 'http://host/'],
  ])('reads %s as %s', (text, href) => {
    expect(parseBaseUrl(text).href).toBe(href);
  });

  it.each(['host/prefix', 'file:///etc/passwd', 'ftp://host', 'https://user:pass-word@host', 'https://user@host', ''])(
    'refuses %s',
    (text) => {
      expect(() => parseBaseUrl(text)).toThrow(expect.objectContaining({ code: 'refused' }));
      expect(() => parseBaseUrl(text)).not.toThrow(/pass-word/);
    },
  );
});

describe('resolveUrl', () => {
  const base = parseBaseUrl('https://host/prefix');

  it.each([
    ['runs?page=2', 'https://host/prefix/runs?page=2'],
    ['/runs', 'https://host/runs'],
    ['?page=2', 'https://host/prefix/?page=2'],
    ['https://host:443/next#part', 'https://host/next'],
    ['//host/next', 'https://host/next'],
  ])('resolves %s to %s', (text, href) => {
    expect(resolveUrl(base, text).href).toBe(href);
  });

  it.each([
    'https://evil.example/runs',
    'http://host/runs',
    'https://host:8443/runs',
    'https://host.evil.example/runs',
    '//evil.example/runs',
    '\\\\evil.example/runs',
    '/\t/evil.example/runs',
    'https://host@evil.example/runs',
    'https://evil.example\\@host/runs',
    'https://user:secret@host/runs',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:application/json,[]',
    'https://',
  ])('refuses %s', (text) => {
    expect(() => resolveUrl(base, text)).toThrow(expect.objectContaining({ code: 'refused' }));
  });

  it('keeps its message short, however long the link', () => {
    let message = '';
    try {
      resolveUrl(base, `https://${'a.'.repeat(100_000)}example/`);
    } catch (error) {
      message = String(error);
    }
    expect(message.length).toBeLessThan(600);
  });
});

describe('showUrl', () => {
  it.each([
    ['https://u:p@host/a?page=2#f', 'https://host/a?page=2'],
    ['https://host/?access_token=abc&per_page=3', 'https://host/?access_token=***&per_page=3'],
    ['https://host/?X-Amz-Signature=abc&api_key=d&sig=e', 'https://host/?X-Amz-Signature=***&api_key=***&sig=***'],
    ['https://host/?q=a%20b%1b', 'https://host/?q=a%20b%1B'],
  ])('shows %s as %s', (href, shown) => {
    expect(showUrl(new URL(href))).toBe(shown);
  });
});
