import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Run } from '../run.js';
import { NOON, run, SECOND, testHost, withoutJudging, type TestHost } from './test-host.js';

type Page = { readonly runs: readonly { readonly id: string }[]; readonly next?: string };

async function page(host: TestHost, query: string, cursor: string | undefined): Promise<Page> {
  const response = await host.get(
    `/runs?${query}${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
  );
  expect(response.status).toBe(200);
  return (await response.json()) as Page;
}

/** A cursor with the check that anybody can compute, for the list without filters. */
function forge(payload: string): string {
  const check = createHash('sha256').update(JSON.stringify([payload, JSON.stringify(['newest_first', []])]));
  return check.digest('hex').slice(0, 32) + Buffer.from(payload).toString('base64url');
}

describe('a cursor', () => {
  const runs = Array.from({ length: 5 }, (_, index) => run(`r${index}`, { queuedAt: NOON - index * SECOND }));
  const host = testHost(runs);

  it('leads through the list in order', async () => {
    const first = await page(host, 'limit=2', undefined);
    const second = await page(host, 'limit=2', first.next);
    const third = await page(host, 'limit=2', second.next);
    expect([first, second, third].map((one) => one.runs.map(({ id }) => id))).toEqual([
      ['r0', 'r1'],
      ['r2', 'r3'],
      ['r4'],
    ]);
    expect(third.next).toBeUndefined();
  });

  it('leads the other way too', async () => {
    const first = await page(host, 'limit=4&sort=queued', undefined);
    const second = await page(host, 'limit=4&sort=queued', first.next);
    expect(second.runs.map(({ id }) => id)).toEqual(['r0']);
  });

  it('lets the limit change between pages', async () => {
    const { next } = await page(host, 'limit=2', undefined);
    expect((await page(host, 'limit=3', next)).runs).toHaveLength(3);
  });

  it.each(['sort=queued', 'status=running', 'tenant_id=7', 'q=r'])('is refused with %s added', async (added) => {
    const { next } = await page(host, 'limit=2', undefined);
    const response = await host.get(`/runs?limit=2&${added}&cursor=${next}`);
    expect([response.status, (await response.json()).parameter]).toEqual([400, 'cursor']);
  });

  it('is refused when any character of it was changed', async () => {
    const next = (await page(host, 'limit=2', undefined)).next ?? '';
    expect(next.length).toBeGreaterThan(32);
    for (let index = 0; index < next.length; index++) {
      const changed = next.slice(0, index) + (next[index] === 'A' ? 'B' : 'A') + next.slice(index + 1);
      expect((await host.get(`/runs?limit=2&cursor=${changed}`)).status).toBe(400);
    }
  });

  it.each([
    { what: 'a time past the year 9999', place: [1e300, 'x'] },
    { what: 'the last time that JavaScript knows', place: [8.64e15, 'x'] },
    { what: 'the first millisecond of the year 10000', place: [253_402_300_800_000, 'x'] },
    { what: 'the year 0', place: [-62_167_219_200_000, 'x'] },
    { what: 'the last millisecond of the year 0', place: [-62_135_596_800_001, 'x'] },
    { what: 'half a millisecond', place: [NOON + 0.5, 'x'] },
    { what: 'a time as text', place: [String(NOON), 'x'] },
    { what: 'no time', place: [null, 'x'] },
    { what: 'a NUL', place: [NOON, '\0'] },
    { what: 'half of a surrogate pair', place: [NOON, '\ud800'] },
    { what: 'a key that is no text', place: [NOON, 5] },
    { what: 'no list', place: { at: NOON, key: 'x' } },
  ])('is refused when it was forged with $what', async ({ place }) => {
    const response = await host.get(`/runs?cursor=${forge(JSON.stringify(place))}`);
    expect([response.status, (await response.json()).parameter]).toEqual([400, 'cursor']);
    expect(host.errors).toEqual([]);
  });

  it.each([
    { what: 'the first instant of the year 1', at: -62_135_596_800_000 },
    { what: 'the last of the year 9999', at: 253_402_300_799_999 },
  ])('can hold $what', async ({ at }) => {
    expect((await host.get(`/runs?cursor=${forge(JSON.stringify([at, 'x']))}`)).status).toBe(200);
  });

  it.each(['{', 'null', '"x"', ''])('is refused when it holds %s', async (payload) => {
    expect((await host.get(`/runs?cursor=${forge(payload)}`)).status).toBe(400);
  });

  it('is refused in another spelling', async () => {
    const { next = '' } = await page(host, 'limit=2', undefined);
    for (const spelled of [`${next}=`, `${next}%20`, ` ${next}`]) {
      expect((await host.get(`/runs?limit=2&cursor=${spelled}`)).status).toBe(400);
    }
  });

  it('is refused by a host with a secret, unless it is the host’s own', async () => {
    const guarded = testHost(runs, { cursorSecret: 'hunter2' });
    const own = await page(guarded, 'limit=2', undefined);
    expect((await page(guarded, 'limit=2', own.next)).runs).toHaveLength(2);
    for (const foreign of [forge(JSON.stringify([NOON, 'x'])), (await page(host, 'limit=2', undefined)).next]) {
      expect((await guarded.get(`/runs?limit=2&cursor=${foreign}`)).status).toBe(400);
    }
    const other = testHost(runs, { cursorSecret: 'hunter3' });
    expect((await other.get(`/runs?limit=2&cursor=${own.next}`)).status).toBe(400);
  });

  it('leads past runs with the longest ids, and past one that was queued in the year 0', async () => {
    const long = testHost([
      ...['🌊', '"'].map((char) => run(char.repeat(char === '"' ? 4096 : 2048), { source: char.repeat(2000) })),
      run('old', { queuedAt: -62_167_219_200_000 }),
      run('older', { queuedAt: -62_167_219_200_000 }),
    ]);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { runs: shown, next } = await page(long, 'limit=1', cursor);
      seen.push(...shown.map(({ id }) => id));
      cursor = next;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(4);
  });

  it('is never made of a position that it cannot hold', async () => {
    const wrong = testHost(runs, {}, (store) => ({
      ...store,
      list: async (query) => {
        const { rows } = await store.list(query);
        return { rows: rows.map((row) => ({ ...row, position: { at: Infinity, key: 'x' } })) };
      },
    }));
    expect((await wrong.get('/runs?limit=2')).status).toBe(500);
    expect(String(wrong.errors)).toContain('The store gave a position');
  });

  it('shows no more than its bearer may see', async () => {
    const mixed = testHost(runs.map((one, index) => (index % 2 === 0 ? one : { ...one, tenant: { id: '9' } })));
    const { next } = await page(mixed, 'limit=1', undefined);
    const body = (await (await mixed.get(`/runs?limit=5&cursor=${next}`, 'dana')).json()) as Page;
    expect(body.runs.map(({ id }) => id)).toEqual(['r2', 'r4']);
  });
});

const filters = ['', 'status=running', 'problem_class=active_stale_attention', 'problem_class=none&sort=queued'];

/** What may happen to the store between two pages. */
const change = fc.record({
  what: fc.constantFrom('add', 'finish', 'beat', 'retime', 'remove', 'wait'),
  pick: fc.nat(),
  seconds: fc.integer({ min: 0, max: 30 }),
});

function apply(host: TestHost, { what, pick, seconds }: { what: string; pick: number; seconds: number }, live: Run[]) {
  host.clock.now += seconds * SECOND;
  const { now } = host.clock;
  const index = pick % Math.max(1, live.length);
  const chosen = live[index];
  if (what === 'add') live.push(run(`new-${pick}-${now}-${live.length}`, { queuedAt: now, heartbeatAt: now }));
  if (chosen !== undefined) {
    if (what === 'finish') live[index] = { ...chosen, status: 'completed', outcome: 'succeeded', endedAt: now };
    if (what === 'beat') live[index] = { ...chosen, heartbeatAt: now };
    if (what === 'retime') live[index] = { ...chosen, queuedAt: now, title: `renamed ${now}` };
    if (what === 'remove') {
      live.splice(index, 1);
      return host.store.remove(chosen);
    }
  }
  const changed = what === 'add' ? live.at(-1) : live[index];
  if (changed !== undefined && what !== 'wait') host.store.put(changed);
}

describe.each([
  { store: 'a store that judges', wrap: undefined },
  { store: 'a store that does not', wrap: withoutJudging },
])('pages of $store', ({ wrap }) => {
  it('skip no run that fits all the time and show none twice, while runs are added, finish and go', async () => {
    let held = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ queued: fc.nat(20), silent: fc.nat(20), done: fc.boolean() }), { maxLength: 25 }),
        fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(...filters),
        async (seeds, changes, limit, filter) => {
          const live = seeds.map(({ queued, silent, done }, index) =>
            run(`old-${index}`, {
              queuedAt: NOON - queued * SECOND,
              heartbeatAt: NOON - silent * SECOND,
              ...(done ? { status: 'completed' as const, outcome: 'succeeded' as const } : {}),
            }),
          );
          const host = testHost([...live], {}, wrap);
          const fitting = async () =>
            new Set((await page(host, `${filter}&limit=500`, undefined)).runs.map(({ id }) => id));
          let always = await fitting();
          const shown: string[] = [];
          let cursor: string | undefined;
          for (let turn = 0; turn === 0 || cursor !== undefined; turn++) {
            const { runs, next } = await page(host, `${filter}&limit=${limit}`, cursor);
            shown.push(...runs.map(({ id }) => id));
            cursor = next;
            for (const one of changes[turn] ?? []) {
              apply(host, one, live);
              const still = await fitting();
              always = new Set([...always].filter((id) => still.has(id)));
            }
            expect(turn).toBeLessThan(300);
          }
          expect(shown.length).toBe(new Set(shown).size);
          expect([...always].filter((id) => !shown.includes(id))).toEqual([]);
          held += always.size;
        },
      ),
      { numRuns: 150 },
    );
    expect(held).toBeGreaterThan(0);
  });
});

describe('the kit judging for a store', () => {
  const many = Array.from({ length: 1200 }, (_, index) =>
    run(`r${index}`, { queuedAt: NOON - index, heartbeatAt: index === 1100 ? NOON - 60 * SECOND : NOON }),
  );

  it('reads until it finds a run of the class', async () => {
    const host = testHost(many, {}, withoutJudging);
    const body = await page(host, 'problem_class=active_stale_attention', undefined);
    expect(body.runs.map(({ id }) => id)).toEqual(['r1100']);
    expect(body.next).toBeUndefined();
  });

  it('never reads a complete table for one request, and says that there is more', async () => {
    let reads = 0;
    const endless = testHost([], {}, (store) => ({
      ...withoutJudging(store),
      list: async ({ limit, after }) => {
        reads++;
        const from = after?.at ?? NOON;
        const rows = Array.from({ length: limit }, (_, index) => ({
          ok: true as const,
          run: run(`r${from - index - 1}`),
          position: { at: from - index - 1, key: '' },
        }));
        return { rows };
      },
    }));
    const body = await page(endless, 'problem_class=active_stale_attention', undefined);
    expect([reads, body.runs.length, typeof body.next]).toEqual([20, 0, 'string']);
  });
});
