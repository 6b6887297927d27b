import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { run, testHost, VIEWERS, type TestHost } from './test-host.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Each call of `frames` gives what has arrived since the last one. */
function reading(response: Response) {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = '';
  let ended = false;
  const pump = async (): Promise<void> => {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) text += decoder.decode(chunk.value);
    ended = true;
  };
  void pump();
  return {
    cancel: () => reader.cancel(),
    ended: () => ended,
    frames: async () => {
      await vi.advanceTimersByTimeAsync(0);
      const frames = text.split('\n\n').slice(0, -1);
      text = '';
      return frames;
    },
  };
}

const PLACE = '[0-9a-f-]{36}';

function frame(kind: string, data: string) {
  return expect.stringMatching(new RegExp(`^event: ${kind}\nid: ${PLACE}\ndata: .*${data}`));
}

const place = expect.stringMatching(new RegExp(`^id: ${PLACE}$`));

function placeIn(frames: readonly string[]): string {
  return /^id: (.+)$/m.exec(frames.at(-1) ?? '')?.[1] ?? '';
}

/** What a client gets that resumes after a place. */
async function resume(host: TestHost, after: string, as = 'root'): Promise<string[]> {
  return reading(await host.get('/runs/events', as, { headers: { 'Last-Event-ID': after } })).frames();
}

describe('GET /runs/events', () => {
  it('opens with the place to resume from', async () => {
    const response = await testHost([]).get('/runs/events');
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    expect(await reading(response).frames()).toEqual(['retry: 3000', place]);
  });

  it('reports each change with the complete run, and what is gone by its key', async () => {
    const host = testHost([run('a')]);
    const stream = reading(await host.get('/runs/events'));
    await stream.frames();
    host.store.put(run('a', { progress: { processed: 3 } }));
    host.store.remove(run('a'));
    const [changed, gone] = await stream.frames();
    expect(changed).toEqual(frame('run', '"progress":{"processed":3}'));
    expect(gone).toEqual(frame('gone', '{"id":"a","source":"host","attempt":1}$'));
  });

  it('is silent about a run that is put as it was', async () => {
    const host = testHost([run('a')]);
    const stream = reading(await host.get('/runs/events'));
    await stream.frames();
    host.store.put(run('a'));
    expect(await stream.frames()).toEqual([]);
  });

  it('is silent about what the viewer may not see', async () => {
    const host = testHost([]);
    const stream = reading(await host.get('/runs/events', 'dana'));
    await stream.frames();
    host.store.put(run('theirs', { tenant: { id: '9' } }));
    host.store.remove(run('theirs'));
    host.store.put(run('mine'));
    expect(await stream.frames()).toEqual([frame('run', '"mine"')]);
  });

  it('reports a run as gone to those who lose it to another tenant', async () => {
    const host = testHost([run('a')]);
    const dana = reading(await host.get('/runs/events', 'dana'));
    const omar = reading(await host.get('/runs/events?tenant_id=8', 'omar'));
    await Promise.all([dana.frames(), omar.frames()]);
    host.store.put(run('a', { tenant: { id: '8' } }));
    expect(await dana.frames()).toEqual([frame('gone', '"a"')]);
    expect(await omar.frames()).toEqual([frame('run', '"a"')]);
  });

  it.each(['tenant_id=7', 'type=backup', 'source=host', 'workspace_id=contoso'])('keeps to %s', async (query) => {
    const host = testHost([]);
    const stream = reading(await host.get(`/runs/events?${query}`));
    await stream.frames();
    host.store.put(run('other', { tenant: { id: '8' }, type: 'sync', source: 'ci', workspace: { id: 'tailspin' } }));
    host.store.put(run('a'));
    expect(await stream.frames()).toEqual([frame('run', '"a"')]);
  });

  it('resumes after a break without a gap', async () => {
    const host = testHost([]);
    const first = reading(await host.get('/runs/events'));
    await first.frames();
    host.store.put(run('seen'));
    const seen = placeIn(await first.frames());
    await first.cancel();
    host.store.put(run('missed'));
    host.store.remove(run('seen'));
    const resumed = await resume(host, seen);
    expect(resumed).toEqual(['retry: 3000', frame('run', '"missed"'), frame('gone', '"seen"'), place]);
    expect(await resume(host, placeIn(resumed))).toEqual(['retry: 3000', place]);
  });

  it('resumes from where it began, for a client that left before the first change', async () => {
    const host = testHost([run('a')]);
    const first = reading(await host.get('/runs/events'));
    const begun = placeIn(await first.frames());
    await first.cancel();
    host.store.put(run('missed'));
    expect(await resume(host, begun)).toEqual(['retry: 3000', frame('run', '"missed"'), place]);
  });

  it.each([
    { what: 'goes back an hour', by: -3_600_000 },
    { what: 'jumps ahead', by: 3_600_000 },
  ])('resumes without a gap where the clock $what meanwhile', async ({ by }) => {
    const host = testHost([]);
    host.store.put(run('seen'));
    const begun = placeIn(await reading(await host.get('/runs/events')).frames());
    host.clock.now += by;
    host.store.put(run('missed'));
    expect(await resume(host, begun)).toEqual(['retry: 3000', frame('run', '"missed"'), place]);
  });

  it.each(['nonsense', '0', '1795435200000', '-5', crypto.randomUUID(), 'x'.repeat(5000), 'é'])(
    'asks to read the list again for a place that the store does not know: %s',
    async (after) => {
      const host = testHost([run('a')]);
      host.store.put(run('b'));
      expect(await resume(host, after)).toEqual(['retry: 3000', frame('reset', '{}')]);
    },
  );

  it('begins where a client sends an empty place', async () => {
    expect(await resume(testHost([]), '')).toEqual(['retry: 3000', place]);
  });

  it('asks to read the list again after a restart, whatever the clock says', async () => {
    const before = placeIn(await reading(await testHost([]).get('/runs/events')).frames());
    expect(await resume(testHost([]), before)).toEqual(['retry: 3000', frame('reset', '{}')]);
  });

  it('keeps the last 1000 to 2000 events, and asks to read the list again beyond them', async () => {
    const host = testHost([]);
    const stream = reading(await host.get('/runs/events'));
    const places: string[] = [placeIn(await stream.frames())];
    for (let index = 1; index <= 2000; index++) {
      host.store.put(run('a', { progress: { processed: index } }));
      places.push(placeIn(await stream.frames()));
    }
    expect(new Set(places).size).toBe(2001);
    // The event of place 1001 is the oldest that is kept, and so what came after it.
    expect(await resume(host, places[1000] ?? '')).toEqual(['retry: 3000', frame('reset', '{}')]);
    const kept = await resume(host, places[1001] ?? '');
    expect(kept).toHaveLength(1 + 999 + 1);
    expect(kept[1]).toEqual(frame('run', '"processed":1002}'));
    for (let index = 2001; index <= 3000; index++) host.store.put(run('a', { progress: { processed: index } }));
    expect((await resume(host, places[1001] ?? '')).at(-2)).toEqual(frame('run', '"processed":3000}'));
    host.store.put(run('a', { progress: { processed: 3001 } }));
    expect(await resume(host, places[1001] ?? '')).toEqual(['retry: 3000', frame('reset', '{}')]);
  });

  it('resumes after a reset from where the list is read again', async () => {
    const host = testHost([]);
    const reset = placeIn(await resume(host, 'nonsense'));
    host.store.put(run('later'));
    expect(await resume(host, reset)).toEqual(['retry: 3000', frame('run', '"later"'), place]);
  });

  it('says nothing by its places of what a viewer may not see', async () => {
    const host = testHost([]);
    const stream = reading(await host.get('/runs/events', 'dana'));
    await stream.frames();
    const seen: string[] = [];
    for (const theirs of [0, 1, 50]) {
      for (let index = 0; index < theirs; index++) host.store.put(run(`${theirs}-${index}`, { tenant: { id: '9' } }));
      host.store.put(run(`mine-${theirs}`));
      const frames = await stream.frames();
      expect(frames).toHaveLength(1);
      seen.push(placeIn(frames));
    }
    // The same form whatever happened in between, and no order in it.
    expect(seen).toHaveLength(3);
    for (const one of seen)
      expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('gives up the backlog of a reader that is too slow, and says so', async () => {
    const host = testHost([]);
    const response = await host.get('/runs/events');
    for (let index = 0; index < 1500; index++) host.store.put(run(`r${index}`));
    const frames = await reading(response).frames();
    expect(frames).toHaveLength(502);
    const resets = frames.filter((one) => one.startsWith('event: reset'));
    expect(resets).toHaveLength(1);
    expect(frames.at(-1)).toEqual(frame('run', '"r1499"'));
    // Whoever leaves right after the reset misses nothing of what came after it.
    const after = frames.slice(frames.indexOf(resets[0] ?? '') + 1);
    expect(await resume(host, placeIn(resets))).toEqual(['retry: 3000', ...after, place]);
  });

  it('keeps a backlog of 1000 events and no heartbeats for a slow reader', async () => {
    const host = testHost([], { heartbeatMs: 1000 });
    const response = await host.get('/runs/events');
    for (let index = 0; index < 999; index++) host.store.put(run(`r${index}`));
    await vi.advanceTimersByTimeAsync(5000);
    const frames = await reading(response).frames();
    expect(frames.filter((one) => one.startsWith('event: run'))).toHaveLength(999);
    expect(frames.filter((one) => one.startsWith('event: reset') || one.startsWith(':'))).toEqual([]);
  });

  it('sends heartbeats', async () => {
    const stream = reading(await testHost([], { heartbeatMs: 5000 }).get('/runs/events'));
    await stream.frames();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await stream.frames()).toEqual([': heartbeat', ': heartbeat']);
  });

  it('ends when the right to it ends, and narrows when that does', async () => {
    let viewer = VIEWERS['omar'];
    const host = testHost([], { authorize: () => viewer });
    const stream = reading(await host.get('/runs/events'));
    viewer = VIEWERS['dana'];
    await vi.advanceTimersByTimeAsync(15_000);
    await stream.frames();
    host.store.put(run('theirs', { tenant: { id: '8' } }));
    expect(await stream.frames()).toEqual([]);
    viewer = undefined;
    await vi.advanceTimersByTimeAsync(15_000);
    expect(stream.ended()).toBe(true);
  });

  it('leaves nothing behind when the reader leaves', async () => {
    let listening = 0;
    const wrapped = testHost([], {}, (store) => ({
      ...store,
      subscribe: (listener, after) => {
        listening++;
        const stop = store.subscribe?.(listener, after);
        return () => (listening--, stop?.());
      },
    }));
    const cancelled = reading(await wrapped.get('/runs/events'));
    const abort = new AbortController();
    const aborted = reading(await wrapped.get('/runs/events', 'root', { signal: abort.signal }));
    const never = reading(await wrapped.get('/runs/events', 'root', { signal: AbortSignal.abort() }));
    await never.frames();
    expect(never.ended()).toBe(true);
    expect([listening, vi.getTimerCount()]).toEqual([2, 2]);
    await cancelled.cancel();
    abort.abort();
    wrapped.store.put(run('late'));
    await aborted.frames();
    expect([listening, vi.getTimerCount(), aborted.ended()]).toEqual([0, 0, true]);
  });

  it('is fed by the store until it is stopped', () => {
    const { store } = testHost([]);
    const kinds: string[] = [];
    const stop = store.subscribe?.(({ kind }) => kinds.push(kind), undefined);
    store.put(run('a'));
    stop?.();
    store.put(run('b'));
    expect(kinds).toEqual(['place', 'run']);
  });

  it('opens no stream for HEAD', async () => {
    const response = await testHost([]).get('/runs/events', 'root', { method: 'HEAD' });
    expect([response.status, response.body, vi.getTimerCount()]).toEqual([200, null, 0]);
  });

  it('does not exist where the store cannot report changes', async () => {
    const host = testHost([], {}, ({ subscribe, ...store }) => (expect(subscribe).toBeDefined(), store));
    expect((await host.get('/runs/events')).status).toBe(404);
  });
});
