import { describe, expect, it } from 'vitest';
import { aRunOf } from './test-run.js';
import { compileAcknowledgements, type AcknowledgementMatch } from './acknowledgements.js';
import { HOUR, NOW } from './test-alerts.js';

const entry = (match: AcknowledgementMatch, until = NOW + HOUR, by = 'ana') => ({ match, by, reason: 'OPS-17', until });
const run = aRunOf({
  id: 'op_42',
  source: 'host',
  type: 'tenant_backup',
  tenant: { id: '7', name: 'Acme' },
  attempt: 2,
});

describe('compileAcknowledgements', () => {
  it.each<{ match: AcknowledgementMatch; expected: boolean }>([
    { match: { id: 'op_42' }, expected: true },
    { match: { id: 'op_4' }, expected: false },
    { match: { id: 'op_*' }, expected: true },
    { match: { id: ['x', 'op_42'] }, expected: true },
    { match: { id: 'op_42', attempt: '2' }, expected: true },
    { match: { id: 'op_42', attempt: '1' }, expected: false },
    { match: { source: 'host' }, expected: true },
    { match: { source: 'configured' }, expected: true },
    { match: { source: 'other' }, expected: false },
    { match: { type: 'tenant_*', tenant: '7' }, expected: true },
    { match: { type: 'tenant_*', tenant: '8' }, expected: false },
    { match: { tenant: 'Acme' }, expected: false },
    { match: { 'labels.team': 'ops' }, expected: true },
    { match: { 'labels.team': 'dev' }, expected: false },
    { match: { workspace: '*' }, expected: false },
  ])('accepts a run by $match: $expected', ({ match, expected }) => {
    expect(compileAcknowledgements([entry(match)]).of(run, 'configured', NOW).active !== undefined).toBe(expected);
  });

  it.each([
    { untilMs: 1, active: true },
    { untilMs: 0, active: false },
    { untilMs: -1, active: false },
  ])('holds until its expiry, and then says that it has expired: $untilMs ms', ({ untilMs, active }) => {
    const found = compileAcknowledgements([entry({ id: 'op_42' }, NOW + untilMs)]).of(run, 'host', NOW);
    expect(found.active !== undefined).toBe(active);
    expect(found.expired !== undefined).toBe(!active);
  });

  it('takes the entry that lasts longest, and names no expired one beside it', () => {
    const entries = [
      entry({ id: '*' }, NOW + 1),
      entry({ id: 'op_42' }, NOW + HOUR, 'bo'),
      entry({ type: '*' }, NOW - 1),
    ];
    const found = compileAcknowledgements(entries).of(run, 'host', NOW);
    expect(found).toEqual({ active: entries[1], expired: undefined });
  });

  it('knows which entries matched nothing', () => {
    const entries = [entry({ id: 'op_42' }), entry({ id: 'op_43' }), entry({ type: '*' }, NOW - 1)];
    const compiled = compileAcknowledgements(entries);
    expect(compiled.unmatched()).toEqual(entries);
    compiled.of(run, 'host', NOW);
    expect(compiled.unmatched()).toEqual([entries[1]]);
  });
});
