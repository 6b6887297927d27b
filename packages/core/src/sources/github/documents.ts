import { hasText, isObject, type JsonObject } from '../reading/body.js';
import { readRows } from '../reading/read-rows.js';
import type { SourcePage } from '../source.js';
import { GITHUB_OUTCOMES, githubRunToWire } from './run.js';

/**
 * The runs or jobs in a response of GitHub's API that somebody has saved: a page (`workflow_runs`, `jobs`), a list of pages (`gh api --paginate
 * --slurp`), a list of rows or one of them; `undefined` for anything else.
 */
export function githubDocument(value: unknown, name: string): Pick<SourcePage, 'runs' | 'issues'> | undefined {
  const rows = rowsOf(value);
  return rows === undefined || rows.length === 0 ? undefined : readRows(rows, name, toWire);
}

function rowsOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) {
    const each = (value as readonly unknown[]).map(rowsOf);
    return each.length > 0 && each.every((rows) => rows !== undefined) ? each.flat() : undefined;
  }
  if (!isObject(value)) return undefined;
  const list = value['workflow_runs'] ?? value['jobs'];
  if (Array.isArray(list) && 'total_count' in value) return list;
  return isRun(value) || isJob(value) ? [value] : undefined;
}

function isRun(row: JsonObject): boolean {
  return 'workflow_id' in row && 'run_number' in row && 'conclusion' in row;
}

function isJob(row: JsonObject): boolean {
  return 'run_id' in row && 'completed_at' in row && 'conclusion' in row;
}

function toWire(row: JsonObject): Record<string, unknown> {
  return isJob(row) ? jobToWire(row) : githubRunToWire(row);
}

/** Jobs have true times, unlike runs, whose `updated_at` moves again long after their end. */
function jobToWire(row: JsonObject): Record<string, unknown> {
  const { id, name, workflow_name: workflow, status, conclusion } = row;
  const ended = status === 'completed';
  const job = typeof name === 'string' ? name : String(id);
  return {
    id: typeof id === 'number' ? String(id) : id,
    type: hasText(workflow) ? `${workflow} / ${job}` : job,
    status: ended ? 'completed' : status === 'in_progress' ? 'running' : 'queued',
    outcome: ended
      ? typeof conclusion === 'string'
        ? (GITHUB_OUTCOMES[conclusion] ?? conclusion)
        : 'unknown'
      : 'pending',
    queued_at: row['created_at'],
    started_at: row['started_at'],
    ended_at: ended ? row['completed_at'] : undefined,
    attempt: row['run_attempt'],
    native: { status, outcome: conclusion ?? undefined },
  };
}
