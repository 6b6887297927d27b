import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify } from './classify.js';
import type { JudgedRun } from './query.js';
import { attentionList, emptyTotals, summarize, type Totals } from './summary.js';
import { anyPolicy, anyRun } from './test-arbitraries.js';
import { anEndedRun, aQueuedRun, aRun, DAY, HOUR, judged, NOW } from './test-runs.js';

const SINCE = NOW - DAY;
const W1 = { workspace: { id: 'w1', name: 'Contoso' } };

const anyRows: fc.Arbitrary<JudgedRun[]> = fc
  .tuple(fc.array(anyRun(), { maxLength: 20 }), anyPolicy)
  .map(([runs, policy]) => runs.map((run) => ({ run, freshness: classify(run, policy, NOW) })));

function sum(parts: readonly Totals[]): Totals {
  const total = emptyTotals();
  for (const part of parts) for (const key of Object.keys(total) as (keyof Totals)[]) total[key] += part[key];
  return total;
}

describe('summarize', () => {
  it.each<{ what: string; row: JudgedRun; counted: Partial<Totals> }>([
    { what: 'a queued run', row: judged(aQueuedRun({ queuedAt: NOW })), counted: { active: 1, queued: 1, fresh: 1 } },
    {
      what: 'a held run',
      row: judged(aQueuedRun({ hold: 'event', queuedAt: NOW })),
      counted: { active: 1, held: 1, fresh: 1 },
    },
    { what: 'a late run', row: judged(aRun({ startedAt: NOW - HOUR })), counted: { active: 1, running: 1, late: 1 } },
    {
      what: 'a stuck run',
      row: judged(aRun({ startedAt: NOW - DAY })),
      counted: { active: 1, running: 1, likelyStale: 1 },
    },
    { what: 'a run that cannot be judged', row: judged(aRun()), counted: { active: 1, running: 1, unknown: 1 } },
    { what: 'a run that succeeded', row: judged(anEndedRun({ endedAt: NOW })), counted: {} },
    {
      what: 'a run that failed at the very start of lately',
      row: judged(anEndedRun({ outcome: 'failed', endedAt: SINCE })),
      counted: { followUp: 1, followUpLately: 1 },
    },
    {
      what: 'a run that failed before',
      row: judged(anEndedRun({ outcome: 'failed', endedAt: SINCE - 1 })),
      counted: { followUp: 1 },
    },
    {
      what: 'a run that failed at an unknown time',
      row: judged(anEndedRun({ outcome: 'failed' })),
      counted: { followUp: 1 },
    },
    {
      what: 'a run that the system closed',
      row: judged(anEndedRun({ reconciliation: { at: NOW, reason: '', from: '' } })),
      counted: { followUp: 1, followUpLately: 1 },
    },
  ])('counts $what', ({ row, counted }) => {
    expect(summarize([row], SINCE).totals).toEqual({ ...emptyTotals(), ...counted });
  });

  it('keeps apart tenants of the same id in two workspaces, and runs without an owner', () => {
    const rows = [
      aRun({ ...W1, tenant: { id: '7', name: 'Acme' } }),
      aRun({ workspace: { id: 'w2' }, tenant: { id: '7' } }),
      aRun({ tenant: { id: '7' } }),
      aRun(W1),
      aRun(),
    ].map((run) => judged(run));
    const { workspaces, tenants } = summarize(rows, SINCE);
    expect(workspaces.map(({ id, name, active }) => [id, name, active])).toEqual([
      ['w1', 'Contoso', 2],
      ['w2', undefined, 1],
      [undefined, undefined, 2],
    ]);
    expect(tenants.map(({ workspaceId, id, name, active }) => [workspaceId, id, name, active])).toEqual([
      ['w1', '7', 'Acme', 1],
      ['w2', '7', undefined, 1],
      [undefined, '7', undefined, 1],
      ['w1', undefined, undefined, 1],
      [undefined, undefined, undefined, 1],
    ]);
  });

  it('names an owner by the first of its runs that does', () => {
    const rows = [
      aRun({ workspace: { id: 'w1' }, tenant: { id: '7' } }),
      aRun({ ...W1, tenant: { id: '7', name: 'Acme' } }),
    ].map((run) => judged(run));
    const { workspaces, tenants } = summarize(rows, SINCE);
    expect(workspaces.map(({ name }) => name)).toEqual(['Contoso']);
    expect(tenants.map(({ name }) => name)).toEqual(['Acme']);
  });

  it('adds up', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const { totals, workspaces, tenants } = summarize(rows, SINCE);
        expect(totals.queued + totals.running + totals.held).toBe(totals.active);
        expect(totals.fresh + totals.late + totals.likelyStale + totals.unknown).toBe(totals.active);
        expect(totals.followUpLately).toBeLessThanOrEqual(totals.followUp);
        expect(sum(workspaces)).toEqual(totals);
        expect(sum(tenants)).toEqual(totals);
        for (const { id, ...workspace } of workspaces) {
          const parts = tenants.filter(({ workspaceId }) => workspaceId === id);
          expect(workspace).toMatchObject(sum(parts));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('tells nothing of runs that the viewer may not see, not even by order or name', () => {
    fc.assert(
      fc.property(anyRows, fc.constantFrom('a', 'b', 'ab'), (rows, hidden) => {
        const mine = rows.filter(({ run }) => run.tenant?.id !== hidden);
        const alone = summarize(mine, SINCE);
        const among = summarize(rows, SINCE);
        const names = new Set(mine.map(({ run }) => JSON.stringify([run.workspace?.id, run.tenant?.id])));
        const shown = among.tenants.filter(({ workspaceId, id }) => names.has(JSON.stringify([workspaceId, id])));
        expect(shown).toEqual(alone.tenants);
        expect(sum(alone.tenants)).toEqual(alone.totals);
        expect(attentionList(rows).filter(({ run }) => run.tenant?.id !== hidden)).toEqual(attentionList(mine));
      }),
      { numRuns: 300 },
    );
  });
});

describe('attentionList', () => {
  it('holds what needs attention or a follow-up, worst first', () => {
    const rows = [
      judged(anEndedRun({ id: 'done', endedAt: NOW })),
      judged(anEndedRun({ id: 'failed', outcome: 'failed', endedAt: NOW })),
      judged(aRun({ id: 'fresh', startedAt: NOW })),
      judged(aRun({ id: 'late', startedAt: NOW - HOUR })),
      judged(aRun({ id: 'unknown' })),
      judged(aRun({ id: 'stuck', startedAt: NOW - DAY })),
    ];
    expect(attentionList(rows).map(({ run }) => run.id)).toEqual(['stuck', 'late', 'unknown', 'failed']);
  });
});
