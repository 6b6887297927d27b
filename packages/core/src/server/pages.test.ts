import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Run } from '../run.js';
import { NOON, run, SECOND, testHost, withoutJudging, type TestHost } from './test-host.js';

type Page = { readonly runs: readonly { readonly id: string }[]; readonly next?: string };

async function page(host: TestHost, query: string, cursor: string | undefined): Promise<Page> {
  const answer = await host.get(`/runs?${query}${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Page;
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
    const answer = await host.get(`/runs?limit=2&${added}&cursor=${next}`);
    expect([answer.status, (await answer.json()).parameter]).toEqual([400, 'cursor']);
  });

  it('is refused when any character of it was changed', async () => {
    const next = (await page(host, 'limit=2', undefined)).next ?? '';
    for (let index = 0; index < next.length; index++) {
      const changed = next.slice(0, index) + (next[index] === 'A' ? 'B' : 'A') + next.slice(index + 1);
      expect((await host.get(`/runs?limit=2&cursor=${changed}`)).status).toBe(400);
    }
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
          for (const id of always) expect(shown).toContain(id);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('the kit judging for a store', () => {
  const many = Array.from({ length: 1200 }, (_, index) =>
    run(`r${index}`, { queuedAt: NOON - index, heartbeatAt: index === 1100 ? NOON - 60 * SECOND : NOON }),
  );

  it('reads on until it finds what is asked for', async () => {
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
