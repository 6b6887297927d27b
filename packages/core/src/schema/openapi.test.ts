import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { NOON, run, SECOND, testHost } from '../server/test-host.js';
import type { JsonSchema } from './json-schema.js';
import { openApiDocument } from './openapi.js';
import { validator } from './test-validator.js';

type Answer = {
  readonly $ref?: string;
  readonly headers?: Readonly<Record<string, object>>;
  readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema; readonly 'x-itemSchema'?: JsonSchema }>>;
};
type Operation = {
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: JsonSchema }[];
  readonly responses: Readonly<Record<string, Answer>>;
};
type Document = {
  readonly paths: Readonly<Record<string, { readonly get: Operation }>>;
  readonly components: { readonly responses: Readonly<Record<string, Answer>> };
};

const document = openApiDocument('/api');
const { paths, components } = document as Document;

function answerOf(path: string, status: number): Answer | undefined {
  const answer = paths[path]?.get.responses[status];
  return answer?.$ref === undefined ? answer : components.responses[answer.$ref.split('/').at(-1) ?? ''];
}

function problemsOf(schema: JsonSchema, value: unknown) {
  return validator(schema, components)(value);
}

/** The headers that are described and not there, apart from the one that is up to the host. */
function missingHeaders(answer: Response, described: Answer | undefined): string[] {
  const names = Object.keys(described?.headers ?? {}).filter((name) => name !== 'WWW-Authenticate');
  return names.filter((name) => !answer.headers.has(name));
}

const host = testHost(
  [
    run('stale', { heartbeatAt: NOON - 20 * SECOND, labels: { env: 'prod' } }),
    run('failed', { status: 'completed', outcome: 'failed', tenant: undefined, workspace: undefined }),
    run('theirs', { tenant: { id: '8' } }),
  ],
  { openapi: document },
  (store) => ({
    ...store,
    list: async (query) => {
      const page = await store.list(query);
      const broken = {
        ok: false,
        issue: { id: 'broken', reason: 'status is missing' },
        position: { at: 0, key: 'b' },
      } as const;
      return query.filter.q === 'broken' ? { ...page, rows: [broken] } : page;
    },
    get: async (reference, context) =>
      reference.id === 'broken' ? { ok: false, issue: { id: 'broken', reason: 'no' } } : store.get(reference, context),
  }),
);

describe('the OpenAPI document', () => {
  it('is valid', async () => {
    const validated = new Validator({ strict: false });
    expect(await validated.validate(structuredClone(document))).toEqual({ valid: true });
    expect(validated.version).toBe('3.1');
  });

  it('is what a host serves', async () => {
    expect(await (await host.get('/openapi.json', 'nobody')).json()).toEqual(document);
  });

  it('has every call of the contract', () => {
    expect(Object.keys(paths).sort()).toEqual(['/policy', '/runs', '/runs/events', '/runs/summary', '/runs/{id}']);
  });

  it('refers only to what it holds', () => {
    for (const [, target] of JSON.stringify(document).matchAll(/"\$ref":"#\/components\/([^"]+)"/g)) {
      const [kind = '', name = ''] = target?.split('/') ?? [];
      expect(components).toHaveProperty([kind, name]);
    }
  });

  it.each([
    { path: '/runs', of: '/runs', as: 'root', status: 200 },
    { path: '/runs?limit=1', of: '/runs', as: 'root', status: 200 },
    { path: '/runs?q=broken', of: '/runs', as: 'root', status: 200 },
    { path: '/runs?limit=0', of: '/runs', as: 'root', status: 400 },
    { path: '/runs', of: '/runs', as: 'nobody', status: 401 },
    { path: '/runs', of: '/runs', as: 'mute', status: 403 },
    { path: '/runs?tenant_id=9', of: '/runs', as: 'dana', status: 404 },
    { path: '/runs/stale', of: '/runs/{id}', as: 'root', status: 200 },
    { path: '/runs/failed', of: '/runs/{id}', as: 'root', status: 200 },
    { path: '/runs/theirs', of: '/runs/{id}', as: 'dana', status: 404 },
    { path: '/runs/broken', of: '/runs/{id}', as: 'root', status: 500 },
    { path: `/runs/${'x'.repeat(4097)}`, of: '/runs/{id}', as: 'root', status: 400 },
    { path: '/runs/summary', of: '/runs/summary', as: 'root', status: 200 },
    { path: '/runs/summary?since=noon', of: '/runs/summary', as: 'root', status: 400 },
    { path: '/policy', of: '/policy', as: 'root', status: 200 },
    { path: '/policy', of: '/policy', as: 'dana', status: 200 },
    { path: '/policy', of: '/policy', as: 'nobody', status: 401 },
    { path: '/runs/events?tenant_id=9', of: '/runs/events', as: 'dana', status: 404 },
  ])('describes $status of $path as $as', async ({ path, of, as, status }) => {
    const answer = await host.get(path, as);
    const described = answerOf(of, status);
    const type = answer.headers.get('content-type') ?? '';
    expect(answer.status).toBe(status);
    expect(problemsOf(described?.content?.[type]?.schema ?? { not: {} }, await answer.json())).toBeNull();
    expect(missingHeaders(answer, described)).toEqual([]);
  });

  it('describes the response that nothing has changed', async () => {
    const tag = (await host.get('/runs/stale')).headers.get('etag') ?? '';
    const answer = await host.get('/runs/stale', 'root', { headers: { 'If-None-Match': tag } });
    expect(answer.status).toBe(304);
    expect(missingHeaders(answer, answerOf('/runs/{id}', 304))).toEqual([]);
  });

  it.each(['/runs', '/runs/summary', '/runs/{id}', '/policy'])('says of %s how it may be refused', (path) => {
    expect([304, 401, 429, 431, 500].filter((status) => answerOf(path, status) === undefined)).toEqual([]);
  });

  it('describes the events of a stream', () => {
    const content = answerOf('/runs/events', 200)?.content?.['text/event-stream'];
    const schema = content?.['x-itemSchema'] ?? { not: {} };
    const wire = { id: 'a', type: 'backup', status: 'running' };
    expect(problemsOf(schema, { event: 'run', id: '1', data: wire })).toBeNull();
    expect(problemsOf(schema, { event: 'gone', id: '1', data: { id: 'a', source: 'host', attempt: 1 } })).toBeNull();
    expect(problemsOf(schema, { event: 'reset', id: '1', data: {} })).toBeNull();
    expect(problemsOf(schema, { event: 'run', id: '1', data: {} })).not.toBeNull();
  });

  it.each([
    { name: 'status', good: 'queued,running', bad: 'done' },
    { name: 'since', good: '0001-01-01T00:00:00Z', bad: '' },
    { name: 'tenant_id', good: '🌊'.repeat(512), bad: '' },
    { name: 'problem_class', good: 'terminal_follow_up', bad: 'late' },
    { name: 'sort', good: 'queued', bad: 'heartbeat' },
    { name: 'limit', good: '500', bad: '501' },
    { name: 'since', good: '2026-11-23T09:00:00Z', bad: 'noon' },
    { name: 'q', good: 'x'.repeat(200), bad: 'x'.repeat(201) },
    { name: 'tenant_id', good: 'x'.repeat(512), bad: 'x'.repeat(513) },
    { name: 'workspace_id', good: 'x', bad: 'x'.repeat(513) },
    { name: 'q', good: '', bad: '\0' },
    { name: 'source', good: '\n', bad: 'a\0' },
    { name: 'type', good: 'x', bad: 'x'.repeat(513) },
    { name: 'source', good: 'x', bad: 'x'.repeat(513) },
  ])('describes $name as the server reads it', async ({ name, good, bad }) => {
    const schema = paths['/runs']?.get.parameters.find((one) => one.name === name)?.schema ?? { not: {} };
    const valueOf = (text: string) =>
      schema['type'] === 'array' ? text.split(',') : schema['type'] === 'integer' ? Number(text) : text;
    const statusOf = async (text: string) => (await host.get(`/runs?${name}=${encodeURIComponent(text)}`)).status;
    expect([problemsOf(schema, valueOf(good)), await statusOf(good)]).toEqual([null, 200]);
    expect([problemsOf(schema, valueOf(bad)) === null, await statusOf(bad)]).toEqual([false, 400]);
  });

  it('describes the cursors that the server gives', async () => {
    const schema = paths['/runs']?.get.parameters.find((one) => one.name === 'cursor')?.schema ?? { not: {} };
    const { next } = (await (await host.get('/runs?limit=1')).json()) as { next: string };
    expect(problemsOf(schema, next)).toBeNull();
    for (const bad of ['', 'a b', 'a=', 'x'.repeat(49_153)]) expect(problemsOf(schema, bad)).not.toBeNull();
  });

  it('tells apart where hosts mount the API', () => {
    expect(document['servers']).toEqual([{ url: '/api' }]);
    expect(openApiDocument()['servers']).toEqual([{ url: '/' }]);
  });
});
