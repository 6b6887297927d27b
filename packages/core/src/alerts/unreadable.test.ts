import { describe, expect, it } from 'vitest';
import type { ReportSource } from '../report.js';
import { aReportSource } from '../test-report-source.js';
import { advanceAlerts } from './advance.js';
import { dueWords } from './alert-words.js';
import { alertIdentity } from './alert.js';
import { anAlert, MINUTE, NOW } from './test-alerts.js';
import { observeSources, splitAlerts } from './unreadable.js';

const observe = (source: ReportSource) => observeSources([source], (identity) => identity)[0];
const down = aReportSource({ name: 'ci', complete: false, error: { code: 'auth', message: 'HTTP 401' } });

describe('observeSources', () => {
  it.each([
    { source: down, label: 'Source cannot be read', headline: 'HTTP 401' },
    {
      source: aReportSource({ name: 'ci', complete: false, issues: [{ id: 'r1', reason: 'has no status' }] }),
      label: 'Incomplete source',
      headline: 'has no status',
    },
    {
      source: aReportSource({ name: 'ci', complete: false }),
      label: 'Incomplete source',
      headline: 'something is missing',
    },
  ])('alarms about $label: $headline', ({ source, label, headline }) => {
    expect(observe(source)).toMatchObject({ kind: 'alarming', about: 'source', sourceName: 'ci', label, headline });
  });

  it('says that a source can be read', () => {
    const now = observe(aReportSource({ name: 'ci', complete: true }));
    expect(now).toMatchObject({ kind: 'recovered', key: observe(down)?.key });
  });

  it('has a key that no run has', () => {
    const run = { source: 'ci', id: 'ci', attempt: 1 };
    expect(observe(down)?.key).not.toBe(alertIdentity('ci', run));
  });
});

describe('an outage', () => {
  it('is worded with its length', () => {
    const seen = observeSources([down], (identity) => identity);
    const [alert] = advanceAlerts([], seen, NOW).alerts;
    if (alert === undefined) throw new Error('no alert');
    expect(dueWords({ reason: 'new', alert }, NOW)).toBe('Source cannot be read: HTTP 401');
    const back = observeSources([aReportSource({ name: 'ci', complete: true })], (identity) => identity);
    const [over] = advanceAlerts([alert], back, NOW + 90 * MINUTE).alerts;
    if (over === undefined) throw new Error('no alert');
    expect(dueWords({ reason: 'recovered', alert: over }, NOW + 90 * MINUTE)).toBe(
      'Could not be read for 1 h 30 min: now it can be read completely',
    );
  });
});

describe('splitAlerts', () => {
  it('puts those about sources apart', () => {
    const [run, source] = [anAlert('a'), anAlert('b', { about: 'source' })];
    expect(splitAlerts([source, run])).toEqual({ ofRuns: [run], ofSources: [source] });
  });
});
