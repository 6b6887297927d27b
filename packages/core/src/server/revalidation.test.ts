import { describe, expect, it } from 'vitest';
import { run, SECOND, testHost } from './test-host.js';

const paths = ['/runs', '/runs/a', '/runs/summary', '/policy', '/runs?problem_class=none'];

describe('If-None-Match', () => {
  it.each(paths)('gives 304 for an unchanged %s, though time has passed', async (path) => {
    const host = testHost([run('a')]);
    const first = await host.get(path);
    const tag = first.headers.get('etag') ?? '';
    host.clock.now += SECOND;
    for (const known of [tag, `"other", ${tag}`, tag.replace(/^W\//, ''), '*']) {
      const again = await host.get(path, 'root', { headers: { 'If-None-Match': known } });
      expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', tag]);
      expect(again.headers.get('date')).toBe('Mon, 23 Nov 2026 12:00:01 GMT');
    }
  });

  it.each(paths.slice(0, 3))('sends %s again once a run has changed', async (path) => {
    const host = testHost([run('a')]);
    const tag = (await host.get(path)).headers.get('etag') ?? '';
    host.store.put(run('a', { status: 'completed', outcome: 'failed' }));
    const again = await host.get(path, 'root', { headers: { 'If-None-Match': tag } });
    expect(again.status).toBe(200);
    expect(again.headers.get('etag')).not.toBe(tag);
  });

  it('sends totals again once a run has gone stale, though nothing was written', async () => {
    const host = testHost([run('a')]);
    const tag = (await host.get('/runs/summary')).headers.get('etag') ?? '';
    host.clock.now += 10 * SECOND;
    expect((await host.get('/runs/summary', 'root', { headers: { 'If-None-Match': tag } })).status).toBe(200);
  });

  it('is weak where the body carries the clock, strong where equal tags mean equal bytes', async () => {
    const host = testHost([run('a')]);
    expect((await host.get('/runs')).headers.get('etag')).toMatch(/^W\/"[0-9a-f]{64}"$/);
    expect((await host.get('/runs/a')).headers.get('etag')).toMatch(/^"[0-9a-f]{64}"$/);
  });

  it('matches nothing by half', async () => {
    const host = testHost([run('a')]);
    const half = ((await host.get('/runs')).headers.get('etag') ?? '').slice(0, 20) + '"';
    expect((await host.get('/runs', 'root', { headers: { 'If-None-Match': half } })).status).toBe(200);
  });
});
