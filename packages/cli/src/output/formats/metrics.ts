import { parseInstant, type Report, type ReportRun } from '@tardy/core';
import { fieldText } from '../report-fields.js';
import { sanitizeInline } from '../sanitize.js';

/** One value of a metric, told apart by its labels. */
type Sample = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

/** A gauge. A name that ends with `_seconds` is measured in seconds. */
export type Metric = { readonly name: string; readonly help: string; readonly samples: readonly Sample[] };

/**
 * How many kinds of run have values of their own: each is a series that Prometheus keeps, and a source can invent as many types as it
 * likes. The rest are counted together.
 */
const MOST_KINDS = 500;
const OTHER = 'other';

/** Kinds of run that need attention, with their number and their greatest age in milliseconds. */
type Kind = { readonly labels: Readonly<Record<'source' | 'type' | 'state', string>>; runs: number; ageMs: number };

/** The metrics of a report. None has the title or the id of a run in a label. */
export function reportMetrics(report: Report): readonly Metric[] {
  const { totals, sources } = report;
  const kinds = kindsOf(report);
  return [
    {
      name: 'tardy_check_timestamp_seconds',
      help: 'When the check judged the runs, since 1970. Alert if it is old: the check itself may be gone.',
      samples: [{ labels: {}, value: (parseInstant(report.now) ?? 0) / 1000 }],
    },
    {
      name: 'tardy_check_complete',
      help: 'Whether every source was read completely.',
      samples: [{ labels: {}, value: Number(report.complete) }],
    },
    {
      name: 'tardy_check_exit_code',
      help: 'The exit code of the check.',
      samples: [{ labels: {}, value: report.exit_code }],
    },
    {
      name: 'tardy_check_verdict',
      help: 'The worst verdict of the check: 1 for the one that holds.',
      samples: (['fresh', 'late', 'stale', 'unknown'] as const).map((verdict) => ({
        labels: { verdict },
        value: Number(report.verdict === verdict),
      })),
    },
    {
      name: 'tardy_active_runs',
      help: 'Active runs by what they do.',
      samples: (['queued', 'running', 'held'] as const).map((phase) => ({ labels: { phase }, value: totals[phase] })),
    },
    {
      name: 'tardy_judged_runs',
      help: 'Active runs by what Tardy thinks of them.',
      samples: (['fresh', 'late', 'likely_stale', 'unknown'] as const).map((state) => ({
        labels: { state },
        value: totals[state],
      })),
    },
    {
      name: 'tardy_attention_runs',
      help: 'Runs that need attention, by their kind.',
      samples: kinds.map(({ labels, runs }) => ({ labels, value: runs })),
    },
    {
      name: 'tardy_attention_age_max_seconds',
      help: 'The greatest age of such a run, by the clock that decided.',
      samples: kinds.map(({ labels, ageMs }) => ({ labels, value: ageMs / 1000 })),
    },
    {
      name: 'tardy_source_complete',
      help: 'Whether the source was read completely.',
      samples: sources.map(({ name, kind, complete }) => ({ labels: { source: name, kind }, value: Number(complete) })),
    },
    {
      name: 'tardy_source_runs',
      help: 'Runs read from the source.',
      samples: sources.map(({ name, kind, runs }) => ({ labels: { source: name, kind }, value: runs })),
    },
    {
      name: 'tardy_source_clock_offset_seconds',
      help: 'How far the clock of the source is ahead of that of this machine.',
      samples: sources.flatMap(({ name, kind, clock_offset_ms: offset }) =>
        offset === null ? [] : [{ labels: { source: name, kind }, value: offset / 1000 }],
      ),
    },
  ];
}

/** The samples of a metric as lines, the same in both text formats. */
export function sampleLines({ name, samples }: Metric): string[] {
  return samples.map(({ labels, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${labelText(text)}"`);
    return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
  });
}

function labelText(text: string): string {
  return sanitizeInline(text)
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`);
}

function kindsOf({ runs }: Report): readonly Kind[] {
  const kinds = new Map<string, Kind>();
  for (const row of runs) {
    if (row.problem_class !== 'active_stale_attention') continue;
    const kind = kindOf(row, kinds);
    kind.runs++;
    kind.ageMs = Math.max(kind.ageMs, row.freshness.age_ms ?? 0);
  }
  return [...kinds.values()];
}

/** Labels are compared as they are written: two texts that sanitize to the same would be the same series twice. */
function kindOf(row: ReportRun, kinds: Map<string, Kind>): Kind {
  const own = {
    source: sanitizeInline(fieldText(row, 'source')),
    type: sanitizeInline(fieldText(row, 'type')),
    state: row.freshness.state,
  };
  const known = kinds.get(JSON.stringify(own));
  if (known !== undefined) return known;
  const labels = kinds.size < MOST_KINDS ? own : { ...own, source: OTHER, type: OTHER };
  const key = JSON.stringify(labels);
  const kind = kinds.get(key) ?? { labels, runs: 0, ageMs: 0 };
  kinds.set(key, kind);
  return kind;
}
