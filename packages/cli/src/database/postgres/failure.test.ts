import { describe, expect, it } from 'vitest';
import { postgresFailure } from './failure.js';

const ofServer = (code: string, message: string) => Object.assign(new Error(message), { code, severity: 'ERROR' });
const ofNode = (code: string, message = code) => Object.assign(new Error(message), { code });

describe('an error of PostgreSQL', () => {
  it.each([
    [ofServer('28P01', 'password authentication failed for user "reader"'), 'auth', 'Check the user, the password'],
    [ofServer('3D000', 'database "app" does not exist'), 'not_found', 'Check the name of the database.'],
    [ofServer('42501', 'permission denied for table job'), 'forbidden', 'grant select on'],
    [
      ofServer('42501', 'query would be affected by row-level security policy for table "runs"'),
      'forbidden',
      'bypassrls',
    ],
    [ofServer('42703', 'column "pulse" does not exist'), 'shape', 'Check the mapping'],
    [ofServer('25006', 'cannot execute nextval() in a read-only transaction'), 'refused', 'Tardy only reads'],
    [ofServer('57014', 'canceling statement due to statement timeout'), 'timeout', 'Raise --timeout'],
    [ofServer('55P03', 'canceling statement due to lock timeout'), 'timeout', 'holds a lock'],
    [ofServer('XX000', 'could not open file'), 'shape', 'could not open file'],
    [ofNode('ECONNREFUSED'), 'network', 'connection refused. Check the host and the port.'],
    [ofNode('ENOTFOUND'), 'network', 'the host does not exist'],
    [ofNode('SELF_SIGNED_CERT_IN_CHAIN'), 'network', 'not trusted'],
    [new Error('The server does not support SSL connections'), 'network', 'has no TLS'],
    [new Error('Connection terminated unexpectedly'), 'network', 'the connection broke'],
    [new Error('no password'), 'auth', 'PGPASSWORD, ~/.pgpass'],
    [new AggregateError([ofNode('ECONNREFUSED')]), 'network', 'connection refused'],
  ])('%s is %s', (error, code, message) => {
    const failure = postgresFailure(error, 'postgres://host/app');
    expect(failure?.error.code).toBe(code);
    expect(failure?.error.message).toContain(message);
    expect(failure?.error.message).toMatch(/^postgres:\/\/host\/app/);
  });

  it.each([
    [ofServer('40001', 'canceling statement due to conflict with recovery'), true],
    [ofServer('53300', 'too many clients already'), true],
    [ofNode('ECONNRESET'), true],
    [ofServer('28P01', 'no'), undefined],
    [ofNode('ENOTFOUND'), false],
  ])('%s is retried: %s', (error, retry) => {
    expect(postgresFailure(error, 'x')?.retry).toBe(retry);
  });

  it.each(['22P02', '22003'])('%s shows that no row can have that value', (code) => {
    expect(postgresFailure(ofServer(code, 'invalid input syntax for type uuid'), 'x')?.noSuchValue).toBe(true);
  });

  it('is none if it is a mistake of ours', () => {
    expect(postgresFailure(new TypeError('x is not a function'), 'x')).toBeUndefined();
    expect(postgresFailure('text', 'x')).toBeUndefined();
  });
});
