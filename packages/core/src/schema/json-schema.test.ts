import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type * as z from 'zod';
import { classify } from '../classify.js';
import { policyDigest } from '../digest.js';
import { createPolicy } from '../policy.js';
import type { JudgedRun } from '../query.js';
import { buildReport, reportRun, type Report, type ReportRun, type ReportSource } from '../report.js';
import { summarize } from '../summary.js';
import { parseRun } from '../wire.js';
import { jsonSchemas } from './json-schema.js';
import { reportSchema } from './report.js';
import { runSchema } from './run.js';
import { EXAMPLE, oddRun, wireRun } from './test-wire-runs.js';
import { validator } from './test-validator.js';

const POLICY = createPolicy({
  version: 1,
  rules: [{ match: { type: '*e*' }, run: { late: 'never', stale: 'never' } }],
});

const NOW = fc.integer({ min: 0, max: Date.UTC(2099, 11, 31) });

const SOURCE: ReportSource = {
  name: 'host',
  kind: 'runs',
  complete: true,
  runs: 3,
  pages: 1,
  clock_offset_ms: -420.5,
  clock_uncertainty_ms: 12,
  rechecked: 1,
  dropped: 0,
  unconfirmed: 0,
  requests: 0,
  max_requests: 200,
  policy_digest: policyDigest(POLICY),
  issues: [],
  error: null,
};

const FAILED_SOURCE: ReportSource = {
  ...SOURCE,
  complete: false,
  clock_offset_ms: null,
  clock_uncertainty_ms: null,
  issues: [{ id: null, reason: 'status is missing' }],
  error: { code: 'http', message: 'HTTP 503' },
};

function reportOf(wires: readonly unknown[], now: number, sources: readonly ReportSource[]): Report {
  const runs: JudgedRun[] = wires.flatMap((wire) => {
    const parsed = parseRun(wire, 'host');
    return parsed.ok ? [{ run: parsed.run, freshness: classify(parsed.run, POLICY, now) }] : [];
  });
  return buildReport({
    generatedAt: now,
    now,
    policyDigest: policyDigest(POLICY),
    sources,
    totals: summarize(runs, now).totals,
    runs: runs.map((judged) => reportRun(judged, now)),
    failOn: 'stale',
    allowUnknown: false,
  });
}

const report = fc
  .tuple(fc.array(wireRun, { maxLength: 4 }), NOW, fc.subarray([SOURCE, FAILED_SOURCE]))
  .map(([wires, now, sources]) => reportOf(wires, now, sources));

describe('the schema of the report', () => {
  const problemsOf = validator(jsonSchemas().report);

  it('accepts every report, as zod and as JSON Schema', () => {
    fc.assert(
      fc.property(report, (one) => {
        const sent: unknown = JSON.parse(JSON.stringify(one));
        expect(reportSchema.safeParse(sent)).toMatchObject({ success: true });
        expect(problemsOf(sent)).toBeNull();
      }),
    );
  });

  it('loses nothing of a report but what runs hold beyond the wire form', () => {
    fc.assert(
      fc.property(report, (one) => {
        const sent: unknown = JSON.parse(JSON.stringify(one));
        expect(reportSchema.parse(sent)).toEqual(sent);
      }),
    );
  });

  it.each([
    ['another version', { schema: 'tardy.report/2' }],
    ['a verdict that does not exist', { verdict: 'fine' }],
    ['a time without an offset', { now: '2026-11-23T09:00:00' }],
    ['a digest that is none', { policy: { digest: 'md5:0' } }],
    [
      'a run without an id',
      { runs: [{ ...reportOf([EXAMPLE], 0, []).runs[0], run: { type: 'x', status: 'queued' } }] },
    ],
  ])('refuses %s', (_, change) => {
    const sent: unknown = JSON.parse(JSON.stringify({ ...reportOf([EXAMPLE], 0, [SOURCE]), ...change }));
    expect(reportSchema.safeParse(sent).success).toBe(false);
    expect(problemsOf(sent)).not.toBeNull();
  });

  it('has the fields of the type', () => {
    type Wire = z.infer<typeof reportSchema>;
    expectTypeOf<Wire>().toExtend<Report>();
    expectTypeOf<keyof Wire>().toEqualTypeOf<keyof Report>();
    expectTypeOf<keyof Wire['totals']>().toEqualTypeOf<keyof Report['totals']>();
    expectTypeOf<keyof Wire['sources'][number]>().toEqualTypeOf<keyof ReportSource>();
    expectTypeOf<keyof Wire['runs'][number]>().toEqualTypeOf<keyof ReportRun>();
    expectTypeOf<keyof Wire['runs'][number]['freshness']>().toEqualTypeOf<keyof ReportRun['freshness']>();
    expectTypeOf<keyof Wire['runs'][number]['presentation']>().toEqualTypeOf<keyof ReportRun['presentation']>();
  });
});

describe('the JSON Schema of a run', () => {
  const problemsOf = validator(jsonSchemas().run);

  it('accepts the example of the documentation', () => {
    expect(problemsOf(EXAMPLE)).toBeNull();
  });

  it('accepts every run', () => {
    fc.assert(
      fc.property(wireRun, (wire) => {
        expect(problemsOf(JSON.parse(JSON.stringify(wire)))).toBeNull();
      }),
    );
  });

  it('refuses what is no run, apart from texts that are a little too long', () => {
    fc.assert(
      fc.property(oddRun, (wire) => {
        const sent: unknown = JSON.parse(JSON.stringify(wire));
        const issues = runSchema.safeParse(sent).error?.issues ?? [];
        // JSON Schema counts characters where we count UTF-16 units.
        fc.pre(issues.some(({ message }) => !message.includes('longer')));
        expect(problemsOf(sent)).not.toBeNull();
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the JSON Schema of a policy', () => {
  const problemsOf = validator(jsonSchemas().policy);

  it.each([
    [
      'the example of a rule',
      { version: 1, rules: [{ match: { source: 'ci', 'labels.env': 'prod' }, queue: { stale: '10m' } }] },
    ],
    ['the resolved policy', POLICY.document],
  ])('accepts %s', (_, document) => {
    expect(problemsOf(document)).toBeNull();
  });

  it.each([
    ['a typo', { version: 1, defaults: { run: { lat: '1h' } } }],
    ['a match of what does not exist', { version: 1, rules: [{ match: { tennant: '7' } }] }],
    ['no duration', { version: 1, defaults: { run: { late: '5 min' } } }],
  ])('refuses %s', (_, document) => {
    expect(problemsOf(document)).not.toBeNull();
  });
});

describe('the published JSON Schemas', () => {
  it.each(Object.entries(jsonSchemas()))('%s has an id and needs nothing beside itself', (name, schema) => {
    expect(schema['$id']).toBe(`urn:tardy:schema:${name}:1`);
    const targets = Array.from(JSON.stringify(schema).matchAll(/"\$ref":"([^"]+)"/g), ([, target]) => target);
    expect(targets.filter((target) => target?.startsWith('#/$defs/') !== true)).toEqual([]);
  });
});
