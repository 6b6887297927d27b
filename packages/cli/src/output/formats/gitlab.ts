import { createHash } from 'node:crypto';
import type { Issue } from 'codeclimate-types';
import type { Report, ReportRun } from '@tardy/core';
import { jsonText } from '../json.js';
import { complaints } from '../report-summary.js';
import { sanitizeInline } from '../sanitize.js';
import type { ReportFormat } from './format.js';
import { isAccepted, rowTexts } from './row-texts.js';

/** One entry of a code quality report: the format of Code Climate, of which GitLab reads a part. */
type Entry = Issue & {
  /** The same for the same trouble in each report, so that GitLab can tell new from old. */
  readonly fingerprint: string;
  readonly severity: Severity;
};
type Severity = NonNullable<Issue['severity']>;

/** Severities by tone. */
const SEVERITIES: Readonly<Record<string, Severity>> = { danger: 'critical', warning: 'minor' };

/** A code quality report: what needs attention, and what could not be read. A run has no file, so its path names the run. */
export const gitlabFormat: ReportFormat = {
  render: (report, { timeZone }) =>
    jsonText([
      ...complaints(report).map(({ text, more }, index) =>
        issue(
          ['source', String(index), text],
          'tardy/source',
          [text, ...more].join('; '),
          'major',
          pathOf([nameOf(report, index)]),
        ),
      ),
      ...report.runs.flatMap((row) => (row.problem_class === 'none' ? [] : [runIssue(row, timeZone)])),
    ]),
};

function nameOf({ sources }: Report, index: number): string {
  return sources.filter(({ complete }) => !complete)[index]?.name ?? '';
}

function runIssue(row: ReportRun, timeZone: string): Entry {
  const { label, title, headline, reason, source, type, id, link } = rowTexts(row, timeZone);
  const what = [`${label}: ${title}: ${headline}.`, reason, link].filter((part) => part !== undefined && part !== '');
  const { run, freshness } = row;
  const key = ['run', source, id, JSON.stringify(run['attempt'] ?? 1), freshness.state];
  const severity = isAccepted(row) ? 'info' : (SEVERITIES[row.presentation.tone] ?? 'info');
  return issue(key, `tardy/${freshness.state}`, what.join(' '), severity, pathOf([source, type, id]));
}

function issue(key: readonly string[], name: string, description: string, severity: Severity, path: string): Entry {
  const fingerprint = createHash('sha256').update(JSON.stringify(key)).digest('hex');
  const location = { path, lines: { begin: 1, end: 1 } };
  return { type: 'issue', check_name: name, description, categories: ['Bug Risk'], location, severity, fingerprint };
}

/** A relative path that leads nowhere else. */
function pathOf(parts: readonly string[]): string {
  const safe = parts.map((part) => {
    const text = sanitizeInline(part).replaceAll(/[/\\:]+/g, '_');
    return /^[.\s]*$/.test(text) ? '_' : text;
  });
  return ['tardy', ...safe].join('/');
}
