import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { sourceKind } from '../registry.js';
import { proposeMapping } from './propose.js';
import { recognisePresets } from './recognise.js';
import { openTestDatabase, readSource } from './testing/test-database.js';

const url = 'postgres://reader@database.example/app';
const database = await openTestDatabase();
afterAll(() => database.close());

describe('a database about which nothing was said', () => {
  beforeEach(() => database.load('laravel/jobs.sql'));

  it('shows which presets fit', async () => {
    expect(await recognisePresets(url, database.fetch)).toEqual(['laravel']);
    await database.exec('alter table jobs drop column reserved_at');
    expect(await recognisePresets(url, database.fetch)).toEqual([]);
    await database.load('pg-boss/schema-46.sql');
    expect(await recognisePresets(url, database.fetch)).toEqual(['pg-boss']);
  });

  it('shows a table that looks like runs, and the config that reads it', async () => {
    await database.exec(`create table settings (id int, status text);
      create table operation_runs (id bigint, operation text, status text, created_at timestamptz, "startedAt" timestamptz, completed_at timestamptz, updated_at timestamptz, tenant_id int);
      insert into operation_runs values (1, 'compare', 'processing', now(), now(), null, now(), 7), (2, 'compare', 'done', now(), now(), now(), now(), 7),
        (3, 'compare', 'levitating', now(), now(), null, now(), 7)`);
    const proposal = await proposeMapping(url, database.fetch);
    expect(proposal).toEqual({
      table: 'operation_runs',
      yaml: `sources:
  runs:
    kind: sql
    url: postgres://reader@database.example/app
    # password: \${env:DB_PASSWORD}
    table: operation_runs
    fields:
      type: operation
      id: id
      status: status
      queued_at: created_at
      started_at: startedAt
      ended_at: completed_at
      tenant: tenant_id
      # heartbeat_at: updated_at # only if a live worker writes it every few minutes
    statuses:
      done: succeeded
      # levitating: … # what does it mean? queued, running, succeeded, failed, cancelled
      processing: running
    # zone: UTC # what times without a zone are in, if there are any`,
    });
    const { sources } = parse(proposal?.yaml ?? '') as { readonly sources: { readonly runs: Record<string, unknown> } };
    const { kind, ...config } = sources.runs;
    expect(kind).toBe('sql');
    const { source } = await sourceKind('sql').open('runs', config);
    const { runs, issues, error } = await readSource(source, database.fetch);
    expect({ issues, error }).toEqual({ issues: [], error: undefined });
    expect(runs.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['1', 'pending'],
      ['3', 'unknown'],
    ]);
  });

  it('may hold none', async () => {
    await database.exec(
      'create table readings (id int, status text, started_at timestamptz); insert into readings select n, n::text, now() from generate_series(1, 100) n',
    );
    expect(await proposeMapping(url, database.fetch)).toBeUndefined();
  });
});
