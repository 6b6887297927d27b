import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NOON, run, SECOND, testHost, VIEWERS } from './test-host.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Reads what has arrived so far, and continues from there at the next call. */
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

function frame(kind: string, at: number, data: string) {
  return expect.stringMatching(new RegExp(`^event: ${kind}\nid: ${at}\ndata: .*${data}`));
}

describe('GET /runs/events', () => {
  it('opens with the place to resume from', async () => {
    const answer = await testHost([]).get('/runs/events');
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    expect(await reading(answer).frames()).toEqual([`retry: 3000\nid: ${NOON}`]);
  });

  it('sends each change with the complete run, and the key of a run that is gone', async () => {
    const host = testHost([run('a')]);
    const stream = reading(await host.get('/runs/events'));
    await stream.frames();
    host.clock.now += SECOND;
    host.store.put(run('a', { progress: { processed: 3 } }));
    host.store.remove(run('a'));
    const [changed, gone] = await stream.frames();
    expect(changed).toEqual(frame('run', NOON + SECOND, '"progress":{"processed":3}'));
    expect(gone).toBe(`event: gone\nid: ${NOON + SECOND}\ndata: {"id":"a","source":"host","attempt":1}`);
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
    expect(await stream.frames()).toEqual([frame('run', NOON, '"mine"')]);
  });

  it('says that a run is gone to those who lose it to another tenant', async () => {
    const host = testHost([run('a')]);
    const dana = reading(await host.get('/runs/events', 'dana'));
    const omar = reading(await host.get('/runs/events?tenant_id=8', 'omar'));
    await Promise.all([dana.frames(), omar.frames()]);
    host.store.put(run('a', { tenant: { id: '8' } }));
    expect(await dana.frames()).toEqual([frame('gone', NOON, '"a"')]);
    expect(await omar.frames()).toEqual([frame('run', NOON, '"a"')]);
  });

  it.each(['tenant_id=7', 'type=backup', 'source=host', 'workspace_id=contoso'])('keeps to %s', async (query) => {
    const host = testHost([]);
    const stream = reading(await host.get(`/runs/events?${query}`));
    await stream.frames();
    host.store.put(run('other', { tenant: { id: '8' }, type: 'sync', source: 'ci', workspace: { id: 'tailspin' } }));
    host.store.put(run('a'));
    expect(await stream.frames()).toEqual([frame('run', NOON, '"a"')]);
  });

  it('resumes after a break without a gap', async () => {
    const host = testHost([]);
    const first = reading(await host.get('/runs/events'));
    await first.frames();
    host.clock.now += SECOND;
    host.store.put(run('seen'));
    await first.frames();
    await first.cancel();
    host.clock.now += SECOND;
    host.store.put(run('missed'));
    const headers = { 'Last-Event-ID': String(NOON + SECOND) };
    const [opening, ...replayed] = await reading(await host.get('/runs/events', 'root', { headers })).frames();
    expect(opening).toContain(`id: ${NOON + SECOND}`);
    expect(replayed).toEqual([frame('run', NOON + SECOND, '"seen"'), frame('run', NOON + 2 * SECOND, '"missed"')]);
  });

  it.each(['nonsense', String(NOON - 1), '-5'])('asks to read the list again for an unknown place: %s', async (id) => {
    const headers = { 'Last-Event-ID': id };
    const frames = await reading(await testHost([]).get('/runs/events', 'root', { headers })).frames();
    expect(frames[1]).toEqual(frame('reset', NOON, '{}'));
  });

  it('asks to read the list again where the history is too short', async () => {
    const host = testHost([]);
    for (let index = 0; index < 2001; index++) {
      host.clock.now++;
      host.store.put(run('a', { progress: { processed: index } }));
    }
    const resume = async (at: number) =>
      reading(await host.get('/runs/events', 'root', { headers: { 'Last-Event-ID': String(at) } })).frames();
    expect((await resume(NOON + 1000))[1]).toEqual(frame('reset', NOON + 2001, '{}'));
    expect((await resume(NOON + 1990)).slice(1)).toHaveLength(12);
  });

  it('gives up the backlog of a reader that is too slow, and says so', async () => {
    const host = testHost([]);
    const answer = await host.get('/runs/events');
    for (let index = 0; index < 1500; index++) host.store.put(run(`r${index}`));
    const frames = await reading(answer).frames();
    expect(frames.length).toBeLessThan(600);
    expect(frames.filter((one) => one.startsWith('event: reset'))).toHaveLength(1);
    expect(frames.at(-1)).toEqual(frame('run', NOON, '"r1499"'));
  });

  it('shows that it is alive', async () => {
    const stream = reading(await testHost([], { heartbeatMs: 5000 }).get('/runs/events'));
    await stream.frames();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await stream.frames()).toEqual([': alive', ': alive']);
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

  it('leaves nothing behind when the reader goes', async () => {
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
    expect([listening, vi.getTimerCount()]).toEqual([2, 2]);
    await cancelled.cancel();
    abort.abort();
    wrapped.store.put(run('late'));
    await aborted.frames();
    expect([listening, vi.getTimerCount(), aborted.ended()]).toEqual([0, 0, true]);
  });

  it('opens no stream for HEAD', async () => {
    const answer = await testHost([]).get('/runs/events', 'root', { method: 'HEAD' });
    expect([answer.status, answer.body, vi.getTimerCount()]).toEqual([200, null, 0]);
  });

  it('does not exist where the store has no change events', async () => {
    const host = testHost([], {}, ({ subscribe, ...store }) => (expect(subscribe).toBeDefined(), store));
    expect((await host.get('/runs/events')).status).toBe(404);
  });
});
