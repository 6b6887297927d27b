import { describe, expect, it } from 'vitest';
import { mysqlFailure } from './failure.js';

const coded = (code: string, message = code) => Object.assign(new Error(message), { code });

describe('an error of MySQL', () => {
  it.each([
    [coded('ER_ACCESS_DENIED_ERROR', "Access denied for user 'reader'@'%'"), 'auth', 'Check the user'],
    [coded('ER_TABLEACCESS_DENIED_ERROR', 'SELECT command denied'), 'forbidden', 'grant select on'],
    [coded('ER_BAD_DB_ERROR', "Unknown database 'app'"), 'not_found', 'Check the name'],
    [coded('ER_NO_SUCH_TABLE', "Table 'app.runs' doesn't exist"), 'shape', 'Check the mapping'],
    [coded('ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION', 'Cannot execute statement'), 'refused', 'only reads'],
    [coded('ER_STATEMENT_TIMEOUT', 'Query execution was interrupted'), 'timeout', 'Raise --timeout'],
    [coded('ER_LOCK_WAIT_TIMEOUT', 'Lock wait timeout exceeded'), 'timeout', 'holds a lock'],
    [coded('ECONNREFUSED'), 'network', 'connection refused'],
  ])('%s is %s', (error, code, message) => {
    expect(mysqlFailure(error, 'mysql://host/app')?.error).toMatchObject({
      code,
      message: expect.stringContaining(message) as unknown,
    });
  });

  it.each([
    [coded('PROTOCOL_CONNECTION_LOST'), true],
    [coded('ER_CON_COUNT_ERROR'), true],
    [coded('ER_ACCESS_DENIED_ERROR'), undefined],
  ])('%s is retried: %s', (error, retry) => {
    expect(mysqlFailure(error, 'x')?.retry).toBe(retry);
  });

  it('is none if it is a mistake of ours', () => {
    expect(mysqlFailure(new TypeError('x is not a function'), 'x')).toBeUndefined();
  });
});
