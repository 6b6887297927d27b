import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runPageSchema, runSummarySchema } from '@tardy/core/schema';
import type { Run } from '@tardy/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expressHost } from './express-host.js';

const MINUTE = 60_000;
let server: Server;
let origin: string;

function job(id: string, silentMs: number): Run {
  const startedAt = Date.now() - silentMs - MINUTE;
  return {
    id,
    source: 'jobs',
    type: 'sync',
    title: `Sync ${id}`,
    tenant: { id: '7' },
    status: 'running',
    outcome: 'pending',
    startedAt,
    heartbeatAt: Date.now() - silentMs,
    attempt: 1,
    labels: {},
  };
}

beforeAll(async () => {
  const jobs = [job('alive', 1000), job('dead', 20 * MINUTE)];
  const app = expressHost(jobs, (cookie) =>
    cookie === 'user=dana' ? { memberships: [{ tenant: '7', mayRead: true }] } : undefined,
  );
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const get = (path: string, headers: Record<string, string> = { Cookie: 'user=dana' }) =>
  fetch(origin + path, { headers });

it('serves the run API to its own users', async () => {
  expect((await get('/api/runs', {})).status).toBe(401);
  expect(runPageSchema.parse(await (await get('/api/runs')).json()).runs).toHaveLength(2);
  runSummarySchema.parse(await (await get('/api/runs/summary')).json());
  const stuck = await (await get('/api/runs?problem_class=active_stale_attention')).json();
  expect(runPageSchema.parse(stuck).runs.map(({ id }) => id)).toEqual(['dead']);
  expect((await get('/api/runs?tenant_id=8')).status).toBe(404);
});

it('revalidates, and streams events', async () => {
  const tag = (await get('/api/runs')).headers.get('etag') ?? '';
  expect((await get('/api/runs', { Cookie: 'user=dana', 'If-None-Match': tag })).status).toBe(304);
  const events = await get('/api/runs/events');
  expect(events.headers.get('content-type')).toContain('text/event-stream');
  await events.body?.cancel();
});

it('serves a page with the elements', async () => {
  expect(await (await get('/jobs')).text()).toContain('<ops-list src="/api"');
  expect(await (await get('/elements/tardy-elements.min.js')).text()).toContain('run-progress');
});

it.each(['express-host.ts', 'django_host.py', 'rails_host.rb', 'laravel_host.php'])(
  '%s is the very code that the documentation shows',
  (name) => {
    const shown = readFileSync(new URL('../../../docs/embed.md', import.meta.url), 'utf8');
    expect(shown).toContain(readFileSync(new URL(name, import.meta.url), 'utf8'));
  },
);
