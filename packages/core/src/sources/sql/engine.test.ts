import { describe, expect, it } from 'vitest';
import { databaseUrl, engineOf, ENGINE_TEXT, literal } from './engine.js';

describe('the URL of a database', () => {
  it.each([
    ['postgres://user@host:5432/db', 'postgres'],
    ['postgresql://host/db', 'postgres'],
    ['MariaDB://host/db', 'mysql'],
    ['mysql://host/db', 'mysql'],
    ['sqlite:jobs.db', 'sqlite'],
    ['duckdb:/var/lib/runs.duckdb', 'duckdb'],
    ['https://host/db', undefined],
    ['github:owner/repo', undefined],
    ['constructor:x', undefined],
    ['jobs.db', undefined],
  ])('%s leads to %s', (url, engine) => expect(engineOf(url)).toBe(engine));

  it.each(['postgres://user@host/db', 'postgres:///db?host=/tmp', 'sqlite:jobs.db', 'sqlite:///var/jobs.db'])(
    '%s is taken',
    (url) => expect(databaseUrl(url, 'x')).toBe(url),
  );

  it.each([
    ['postgres://me:s3cret@host/db', 'A password in a URL is refused'],
    ['postgres://host/db?password=s3cret', 'A password in a URL is refused'],
    ['postgres:s3cret', 'Not a valid URL.'],
    ['postgres://ho st/s3cret', 'Not a valid URL.'],
    ['sqlite:', 'The path of the file is missing.'],
    ['s3cret', 'Not the URL of a database: it begins with postgres:, postgresql:,'],
  ])('%s is refused, and not repeated', (url, message) => {
    const taken = () => databaseUrl(url, 'postgres://user@host.example/database');
    expect(taken).toThrow(message);
    expect(taken).toThrow('Write it as postgres://user@host.example/database');
    expect(taken).not.toThrow('s3cret');
  });
});

it('names and texts stay what they are', () => {
  expect(ENGINE_TEXT.postgres.identifier('a"b')).toBe('"a""b"');
  expect(ENGINE_TEXT.mysql.identifier('a`b')).toBe('`a``b`');
  expect(literal("it's")).toBe("'it''s'");
});
