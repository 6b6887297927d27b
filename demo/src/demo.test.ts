import { createPolicy } from '@tardy/core';
import { policySchema, problemSchema, runPageSchema, runSchema, runSummarySchema } from '@tardy/core/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getJson, stateOf, until } from './api-client.js';
import { isTardyBuilt, runTardy } from './command-line.js';
import { startDemo, type Demo } from './demo.js';
import type { Person } from './people.js';
import { bytesOf } from './test-requests.js';
import { buildWorker } from './test-worker.js';

const SILENCE_STALE_MS = 3000;
const errors: unknown[] = [];
let demo: Demo;

beforeAll(async () => {
  if (!isTardyBuilt()) throw new Error('The command line is not built: npm run build.');
  demo = await startDemo({
    port: 0,
    databaseUrl: process.env['DATABASE_URL'],
    schema: 'tardy_test_demo',
    workerFile: await buildWorker(),
    policy: createPolicy({ version: 1, defaults: { silence: { late: '2s', stale: `${SILENCE_STALE_MS}ms` } } }),
    restMs: 150,
    onError: (error) => errors.push(error),
  });
}, 60_000);
afterAll(() => demo.stop());

type Wire = {
  readonly id: string;
  readonly status: string;
  readonly outcome: string;
  readonly progress?: { processed: number };
};

function get(path: string, person: Person = 'omar', init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('Authorization', `Bearer ${demo.tokens[person]}`);
  return fetch(`${demo.origin}${path}`, { ...init, headers });
}

async function attention(): Promise<string[]> {
  const body = (await (await get('/api/runs?problem_class=active_stale_attention')).json()) as { runs: Wire[] };
  return body.runs.map(({ id }) => id);
}

async function see(id: string): Promise<Wire> {
  return (await getJson(demo.origin, `/runs/${id}`, demo.tokens.omar)) as Wire;
}

describe('the demo', () => {
  it('finds the run of a killed worker, keeps the others running, and reports nothing once that run is closed', async () => {
    const { victim, origin, tokens } = demo;
    await until('the first steps', async () => ((await see(victim)).progress?.processed ?? 0) >= 2, 10_000);
    expect(await stateOf(origin, victim, tokens.omar)).toBe('fresh');

    const killedAt = Date.now();
    expect(await demo.killWorkerOf(victim)).toBeGreaterThan(0);
    await until(
      'the run to go stale',
      async () => (await stateOf(origin, victim, tokens.omar)) === 'likely_stale',
      10_000,
    );
    expect(Date.now() - killedAt).toBeGreaterThan(SILENCE_STALE_MS - 500);
    expect(await see(victim)).toMatchObject({ status: 'running', outcome: 'pending' });
    expect(await attention()).toContain(victim);
    expect(await runTardy(['check', `runs:${origin}/api`], tokens.omar, 'ignore')).toBe(1);
    expect(await runTardy(['check', `runs:${origin}/api`], tokens.tess, 'ignore')).toBe(0);

    const closing = `/demo/runs/${victim}/close`;
    expect((await get(closing, 'tess', { method: 'POST' })).status).toBe(404);
    expect((await get(closing, 'omar')).status).toBe(405);
    expect((await get(closing, 'omar', { method: 'POST' })).status).toBe(204);
    expect((await get(closing, 'omar', { method: 'POST' })).status).toBe(409);
    expect(await stateOf(origin, victim, tokens.omar)).toBe('reconciled');
    expect(await see(victim)).toMatchObject({ status: 'completed', reconciliation: { from: 'running' } });
    expect(await attention()).not.toContain(victim);
    expect(await runTardy(['check', `runs:${origin}/api`], tokens.omar, 'ignore')).toBe(0);
  }, 60_000);

  it('really does the work: runs end, and a drifted baseline is found', async () => {
    const ended = async () => {
      const body = (await (await get('/api/runs?status=completed')).json()) as { runs: (Wire & { type: string })[] };
      return body.runs.filter(({ id }) => id !== demo.victim);
    };
    await until(
      'a backup and a comparison to end',
      async () => {
        const types = (await ended()).map(({ type }) => type);
        return types.includes('tenant_backup') && types.includes('baseline_compare');
      },
      30_000,
    );
    const outcomes = Object.fromEntries((await ended()).map(({ type, outcome }) => [type, outcome]));
    expect(outcomes).toMatchObject({ tenant_backup: 'succeeded', baseline_compare: 'partially_succeeded' });
  }, 60_000);

  it('shows each person their own', async () => {
    expect((await fetch(`${demo.origin}/api/runs`)).status).toBe(401);
    expect((await fetch(`${demo.origin}/api/runs`)).headers.get('www-authenticate')).toBe('Bearer realm="tardy demo"');
    expect((await get('/api/runs', 'vera')).status).toBe(403);
    expect((await get(`/api/runs/${demo.victim}`, 'dana')).status).toBe(200);
    const [theirs, nobodys] = await Promise.all([
      get(`/api/runs/${demo.victim}`, 'tess').then(bytesOf),
      get('/api/runs/op_none', 'tess').then(bytesOf),
    ]);
    expect(theirs).toBe(nobodys);
    const tenants = async (person: Person) => {
      const body = (await (await get('/api/runs/summary', person)).json()) as { tenants: { id: string }[] };
      return body.tenants.map(({ id }) => id).sort();
    };
    expect([await tenants('dana'), await tenants('tess')]).toEqual([['7'], ['9']]);
    expect(await tenants('omar')).toEqual(['7', '8']);
  });

  it('reports progress as it happens, and on return what was missed', async () => {
    const first = await firstRunEvent(await get('/api/runs/events'));
    expect(first).toMatch(/^event: run\nid: [\w-]+\ndata: \{"id":"op_/);
    const id = /id: (\S+)/.exec(first)?.[1] ?? '';
    const again = await firstRunEvent(await get('/api/runs/events', 'omar', { headers: { 'Last-Event-ID': id } }));
    expect(again).toMatch(/^event: run\nid: [\w-]+\ndata: \{"id":"op_/);
  }, 20_000);

  it('responds as the published schemas say', async () => {
    const body = async (path: string) => (await get(path)).json();
    runPageSchema.parse(await body('/api/runs'));
    runSummarySchema.parse(await body('/api/runs/summary'));
    runSchema.parse(await body(`/api/runs/${demo.victim}`));
    policySchema.parse(await body('/api/policy'));
    problemSchema.parse(await body('/api/runs?limit=none'));
    expect(await (await fetch(`${demo.origin}/api/openapi.json`)).json()).toMatchObject({ servers: [{ url: '/api' }] });
  });

  it('revalidates over HTTP', async () => {
    const tag = (await get('/api/policy')).headers.get('etag') ?? '';
    expect((await get('/api/policy', 'omar', { headers: { 'If-None-Match': tag } })).status).toBe(304);
    expect((await get('/api/runs', 'omar', { method: 'HEAD' })).headers.get('etag')).toMatch(/^W\//);
  });

  it('causes no error', () => {
    expect(errors).toEqual([]);
  });
});

async function firstRunEvent(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk);
    const event = text
      .split('\n\n')
      .slice(0, -1)
      .find((frame) => frame.startsWith('event: run'));
    if (event !== undefined) return event;
  }
  throw new Error(`The stream ended early: ${text}`);
}
