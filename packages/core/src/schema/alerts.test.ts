import { describe, expect, expectTypeOf, it } from 'vitest';
import type * as z from 'zod';
import { compileAcknowledgements } from '../alerts/acknowledgements.js';
import { reportAcknowledgement, reportAlert, reportEnded } from '../alerts/report-alerts.js';
import { alertsFromWire, stateToWire, type AlertStateWire } from '../alerts/state.js';
import { anAlert, HOUR, NOW } from '../alerts/test-alerts.js';
import { buildReport } from '../report.js';
import { emptyTotals } from '../summary.js';
import { acknowledgementsSchema } from './acknowledgements.js';
import { jsonSchemas } from './json-schema.js';
import { reportSchema } from './report.js';
import { stateSchema } from './state.js';
import { validator } from './test-validator.js';

const ended = { at: NOW, how: 'vanished', text: 'gone' } as const;
const acknowledged = { by: 'ana', reason: 'OPS-17', until: NOW + HOUR };
const alerts = [
  anAlert('a'),
  anAlert('b', { ended, renewedAt: NOW, deliveries: { mail: { at: NOW, level: 'late', thread: 't' } } }),
  anAlert('c', {
    acknowledged,
    run: { ...anAlert('c').run, tenant: { id: '7', name: 'Acme' }, url: 'https://host.example' },
  }),
];
const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('the schema of the state', () => {
  const problemsOf = validator(jsonSchemas().state);

  it('accepts what is saved, which comes back as it was', () => {
    const wire = sent(stateToWire(alerts, NOW));
    expect(problemsOf(wire)).toBeNull();
    expect(alertsFromWire(stateSchema.parse(wire))).toEqual(alerts);
    expectTypeOf<z.infer<typeof stateSchema>>().toExtend<AlertStateWire>();
  });

  it.each([
    ['another version', { schema: 'tardy.state/2' }],
    ['no list of alerts', { alerts: {} }],
    ['a level that does not exist', { alerts: [{ ...stateToWire(alerts, NOW).alerts[0], level: 'fresh' }] }],
  ])('refuses %s', (_, change) => {
    const wire = { ...stateToWire(alerts, NOW), ...change };
    expect(problemsOf(sent(wire))).not.toBeNull();
    expect(stateSchema.safeParse(sent(wire)).success).toBe(false);
  });
});

describe('the schema of acknowledgements', () => {
  const problemsOf = validator(jsonSchemas().acknowledgements);
  const entry = {
    match: { id: 'op_*', 'labels.team': ['a', 'b'] },
    reason: 'OPS-17',
    by: 'ana',
    until: '2026-11-24T00:00:00Z',
  };

  it('accepts an entry, and an editor accepts it too', () => {
    expect(problemsOf({ version: 1, acknowledgements: [entry] })).toBeNull();
    const parsed = acknowledgementsSchema.parse({ acknowledgements: [entry] });
    expect(
      compileAcknowledgements(parsed.acknowledgements.map((one) => ({ ...one, until: NOW }))).unmatched(),
    ).toHaveLength(1);
  });

  it.each([
    ['a field that cannot match', { match: { run: 'x' } }],
    ['no reason', { reason: '' }],
    ['a key with a typo', { untill: '2026-11-24T00:00:00Z' }],
  ])('refuses %s', (_, change) => {
    const value = { acknowledgements: [{ ...entry, ...change }] };
    expect(acknowledgementsSchema.safeParse(value).success).toBe(false);
    expect(problemsOf(value)).not.toBeNull();
  });
});

it('is part of the schema of a report: what changed, and what somebody accepts', () => {
  const digest = `sha256:${'0'.repeat(64)}`;
  const report = buildReport({
    generatedAt: NOW,
    now: NOW,
    policyDigest: digest,
    sources: [],
    totals: emptyTotals(),
    runs: [],
    failOn: 'stale',
    allowUnknown: false,
    alerts: {
      new: 1,
      still: 0,
      recovered: 0,
      vanished: 1,
      kept: 0,
      ended: [reportEnded(anAlert('b', { ended }), ended)],
    },
    acknowledgements: {
      late: 0,
      likely_stale: 0,
      unknown: 0,
      unmatched: [{ match: { id: ['a'] }, by: 'ana', reason: 'OPS-17', until: '2026-11-24T00:00:00Z' }],
    },
  });
  expect(reportSchema.parse(sent(report))).toEqual(sent(report));
  expect(validator(jsonSchemas().report)(sent(report))).toBeNull();
  expect(reportAlert(anAlert('a'), 'still', NOW)).toEqual({
    status: 'still',
    since: '2026-11-23T08:00:00Z',
    flapping: false,
  });
  expect([NOW, NOW + HOUR].map((now) => reportAcknowledgement(acknowledged, now).expired)).toEqual([false, true]);
});
