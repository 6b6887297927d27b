import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { SqlDialectName } from './dialects/dialect.js';
import type { TestDatabase } from './test-sql-databases.js';

/** A program that reads `{"sql"}` on each line and writes `{"rows"}` or `{"error"}`: `scripts/live/sql-engine.py`. */
type ProgramEngine = { readonly name: string; readonly dialect: SqlDialectName; readonly command: readonly string[] };

/** The engines of a live test, which names them in a variable. */
export function programEngines(): readonly ProgramEngine[] {
  const text = process.env['TARDY_SQL_ENGINES'];
  return text === undefined ? [] : (JSON.parse(text) as ProgramEngine[]);
}

/** Starts the program; it ends when the database is closed. */
export async function openProgram([command = '', ...args]: readonly string[]): Promise<TestDatabase> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let last: Promise<unknown> = Promise.resolve();

  async function request(sql: string) {
    child.stdin.write(`${JSON.stringify({ sql })}\n`);
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`${command} has ended.`);
    const answer = JSON.parse(value) as { rows?: Record<string, unknown>[]; error?: string };
    if (answer.error !== undefined) throw new Error(`${answer.error}\n${sql.slice(0, 3000)}`);
    return answer.rows ?? [];
  }

  return {
    query: (sql) => {
      const rows = last.then(() => request(sql));
      last = rows.catch(() => undefined);
      return rows;
    },
    close: async () => {
      child.stdin.end();
      await new Promise((resolve) => child.once('close', resolve));
    },
  };
}
