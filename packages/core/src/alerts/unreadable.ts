import type { ReportSource } from '../report.js';
import { alertIdentity, type Alert, type AlertRun } from './alert.js';
import type { Observation } from './advance.js';

/** What a source is called where alerts name a run. */
function standIn(name: string): AlertRun {
  return { source: name, id: name, attempt: 1, type: 'source', title: name };
}

/** Identifies the alert about a source: no run has this identity, whose attempts begin with 1. */
function sourceIdentity(name: string): string {
  return alertIdentity(name, { source: name, id: name, attempt: 0 });
}

/**
 * What a check learned about its sources: whoever relies on alerts must know when none can come. A source that was not read has no
 * observation.
 *
 * @param keyOf makes the key of an alert from its identity.
 */
export function observeSources(
  sources: readonly ReportSource[],
  keyOf: (identity: string) => string,
): readonly Observation[] {
  return sources.map((source): Observation => {
    const key = keyOf(sourceIdentity(source.name));
    if (source.complete) return { kind: 'recovered', key, text: 'it can be read completely' };
    const [first] = source.issues;
    return {
      kind: 'alarming',
      key,
      about: 'source',
      sourceName: source.name,
      run: standIn(source.name),
      level: 'late',
      label: source.error === null ? 'Incomplete source' : 'Source cannot be read',
      headline: source.error?.message ?? first?.reason ?? 'something is missing',
    };
  });
}

/** The alerts about runs, and those about sources. */
export function splitAlerts(alerts: readonly Alert[]): {
  readonly ofRuns: readonly Alert[];
  readonly ofSources: readonly Alert[];
} {
  return {
    ofRuns: alerts.filter(({ about }) => about === undefined),
    ofSources: alerts.filter(({ about }) => about === 'source'),
  };
}
