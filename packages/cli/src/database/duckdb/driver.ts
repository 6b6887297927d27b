import { SourceError } from '@tardy/core/sources';
import type { Database, DatabaseFailure, DatabaseOptions, Driver } from '../database.js';
import { existingFile } from '../file-path.js';
import { loadOptional } from '../optional-package.js';

/**
 * Reads DuckDB files.
 *
 * @throws {UsageError} if its package is not installed.
 */
export async function duckdbDriver(): Promise<Driver> {
  const { DuckDBInstance } = await loadOptional(
    '@duckdb/node-api',
    'Reading a DuckDB file',
    async () => import('@duckdb/node-api'),
  );

  async function open(options: DatabaseOptions): Promise<Database> {
    const path = await existingFile(options);
    // Neither other files nor the network can be reached by what a mapping contains.
    const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY', enable_external_access: 'false' });
    const connection = await instance.connect();
    await connection.run("set timezone = 'UTC'");
    return {
      query: async (sql, values, timeoutMs) => {
        const timer = setTimeout(() => connection.interrupt(), Math.max(1, Math.min(timeoutMs, 2 ** 31 - 1)));
        try {
          const reader = await connection.runAndReadAll(sql, [...values]);
          return reader.getRowObjectsJson();
        } finally {
          clearTimeout(timer);
        }
      },
      clock: undefined,
      close: async () => {
        connection.closeSync();
        instance.closeSync();
      },
    };
  }

  return { open, failure };
}

function failure(error: unknown, where: string): DatabaseFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  const { message } = error;
  const kind = /^(?:[A-Z][a-z]+ )?([A-Z][A-Za-z]*) Error:|^(INTERRUPT)/.exec(message);
  if (kind === null) return undefined;
  const of = (code: ConstructorParameters<typeof SourceError>[0], fix: string): DatabaseFailure => ({
    error: new SourceError(code, `${where}: ${(message.split('\n', 1)[0] ?? '').replace(/\.?$/, '.')} ${fix}`),
  });
  if (/conflicting lock/i.test(message))
    return { ...of('network', 'Another process has it open to write.'), retry: true };
  if (/interrupt/i.test(message)) return of('timeout', 'Raise --timeout.');
  if (message.startsWith('Conversion Error'))
    return { ...of('shape', 'Check the mapping of this source.'), noSuchValue: true };
  return of('shape', 'Check the mapping of this source.');
}
