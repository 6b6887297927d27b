import { parseRun, type ParsedRun } from '@tardy/core';
import type { Row } from './database.js';

/** The name of the demo's run table as a source. */
export const SOURCE = 'demo';

/** What `readRow` needs, from `operation_runs r`. */
export const SELECT_RUN = `
  select r.*, w.name as workspace_name, t.name as tenant_name
  from operation_runs r join workspaces w on w.id = r.workspace_id left join tenants t on t.id = r.tenant_id`;

/** Reads a row through the wire form, so that the checks of the run API hold for the database too. */
export function readRow(row: Row): ParsedRun {
  const wire: Record<string, unknown> = { ...row, source: SOURCE };
  for (const [name, value] of Object.entries(row)) {
    if (value instanceof Date && !Number.isNaN(value.getTime())) wire[name] = value.toISOString();
  }
  wire['workspace'] = { id: row['workspace_id'], name: row['workspace_name'] };
  wire['tenant'] = row['tenant_id'] === null ? null : { id: row['tenant_id'], name: row['tenant_name'] };
  return parseRun(wire, SOURCE);
}
