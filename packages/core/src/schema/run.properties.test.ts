import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRun, runToWire } from '../wire.js';
import { runSchema } from './run.js';
import { EXAMPLE, labelled, oddRun, wireRun } from './test-wire-runs.js';

describe('the schema of a run and parseRun', () => {
  it('both accept every run', () => {
    fc.assert(
      fc.property(wireRun, (wire) => {
        expect(parseRun(wire, 'host')).toMatchObject({ ok: true });
        expect(runSchema.safeParse(wire)).toMatchObject({ success: true });
      }),
    );
  });

  it('agree on runs in which something is odd', () => {
    const seen = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(oddRun, (wire) => {
        const { ok } = parseRun(wire, 'host');
        seen[ok ? 'accepted' : 'refused']++;
        expect(runSchema.safeParse(wire).success).toBe(ok);
      }),
      { numRuns: 3000 },
    );
    // Otherwise the property would hold for a schema that accepts, or refuses, everything. About 335 are accepted, give or take 18:
    // the limit lies far below, so that chance does not fail it.
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(100);
  }, 30_000);

  it.each([null, undefined, [], 'run', 1, {}])('agree that %j is no run', (value) => {
    expect(parseRun(value, 'host').ok).toBe(false);
    expect(runSchema.safeParse(value).success).toBe(false);
  });

  it.each([
    ['a text', (length: number) => ({ ...EXAMPLE, source: 'a'.repeat(length) }), 4096],
    ['a text of emoji', (length: number) => ({ ...EXAMPLE, source: '\u{1F600}'.repeat(length) }), 2048],
    ['an inner text', (length: number) => ({ ...EXAMPLE, failure: { code: 'a'.repeat(length) } }), 4096],
    ['labels', (count: number) => ({ ...EXAMPLE, labels: labelled(count) }), 64],
  ])('agree on how long may be %s', (_, wireOf, limit) => {
    for (const size of [limit, limit + 1]) {
      expect(parseRun(wireOf(size), 'host').ok).toBe(size === limit);
      expect(runSchema.safeParse(wireOf(size)).success).toBe(size === limit);
    }
  });

  it('agree that a title may have any length', () => {
    const wire = { ...EXAMPLE, title: 'a'.repeat(10_000) };
    expect(parseRun(wire, 'host').ok).toBe(true);
    expect(runSchema.safeParse(wire).success).toBe(true);
  });

  it('agree on what the wire form of a run is', () => {
    fc.assert(
      fc.property(wireRun, (wire) => {
        const parsed = parseRun(wire, 'host');
        const again = parsed.ok ? runToWire(parsed.run) : undefined;
        expect(runSchema.safeParse(again)).toMatchObject({ success: true });
      }),
    );
  });

  it('accept the example of the documentation', () => {
    expect(runSchema.parse(EXAMPLE)).toEqual(EXAMPLE);
  });

  it('ignores a field that it does not know', () => {
    expect(runSchema.parse({ ...EXAMPLE, mood: 'good' })).toEqual(EXAMPLE);
  });
});
