import { describe, expect, it } from 'vitest';
import { guardedLookup, GUARDED_CODE, isGuardedHost } from './guarded-hosts.js';

const hostOf = (authority: string) => new URL(`http://${authority}/`).hostname;

describe('isGuardedHost', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.1:8080',
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    '[::ffff:169.254.169.254]',
    '[fe80::1]',
    '[fd00:ec2::254]',
    '100.100.100.200',
    'metadata.google.internal',
    'METADATA.google.internal.',
    'metadata',
  ])('is true for %s, unless it is allowed', (authority) => {
    expect(isGuardedHost(hostOf(authority), [])).toBe(true);
    expect(isGuardedHost(hostOf(authority), ['other', hostOf(authority)])).toBe(false);
  });

  it.each(['host.example', '127.0.0.1', '10.0.0.1', '169.253.255.255', '[::1]', '[fd00::1]', 'metadata.example'])(
    'is false for %s',
    (authority) => {
      expect(isGuardedHost(hostOf(authority), [])).toBe(false);
    },
  );
});

describe('guardedLookup', () => {
  const look = (host: string, allowed: readonly string[]) =>
    new Promise<string | undefined>((resolve) => {
      guardedLookup(allowed)(host, { all: true }, (error) => resolve(error?.code));
    });

  it('refuses a name that leads to a guarded address', async () => {
    // A literal address resolves to itself, as a name would to its address.
    expect(await look('169.254.169.254', [])).toBe(GUARDED_CODE);
    expect(await look('169.254.169.254', ['169.254.169.254'])).toBeUndefined();
    expect(await look('127.0.0.1', [])).toBeUndefined();
  });

  it('passes on that a name does not exist', async () => {
    expect(await look('does-not-exist.invalid', [])).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
  });
});
