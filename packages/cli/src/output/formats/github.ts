import { verdictWords, type Report } from '@tardy/core';
import { complaints } from '../report-summary.js';
import { reportText } from '../report-text.js';
import type { Terminal } from '../terminal.js';
import type { FormatContext, ReportFormat } from './format.js';
import { markdownText } from './markdown.js';
import { isAccepted, listedRows, rowTexts } from './row-texts.js';

/** GitHub shows so many annotations of a level for each step, and drops the others without a word. */
const ANNOTATIONS = 10;

/** A summary over 1 MiB is dropped as one. */
const MOST_SUMMARY_BYTES = 1024 * 1024;

/** Annotations by tone: what is only neutral is no error of anybody's. */
const LEVELS: Readonly<Record<string, Level>> = { danger: 'error', warning: 'warning' };

/** The log of a job: a page in a fixed-width font that scrolls sideways. */
const LOG: Terminal = { columns: 200, color: false, unicode: true, isTty: true, links: false };

type Level = 'error' | 'warning' | 'notice';
type Annotation = { readonly level: Level; readonly title: string; readonly message: string };

/** Workflow commands of GitHub and Gitea Actions, which become annotations of the step, and a summary of the job. */
export const githubFormat: ReportFormat = {
  render: (report, { timeZone, limit, groupBy }) => {
    const all = [...complaintAnnotations(report), ...runAnnotations(report, timeZone)];
    const lines = (['error', 'warning', 'notice'] as const).flatMap((level) => {
      const own = all.filter((one) => one.level === level);
      const shown = own.length <= ANNOTATIONS ? own : own.slice(0, ANNOTATIONS - 1);
      const rest = own.length - shown.length;
      const last = rest === 0 ? [] : [{ level, title: `${rest} more`, message: verdictWords(report) }];
      return [...shown, ...last].map(command);
    });
    // The page of a step does not show what its annotations say, and shows no more than ten of a level.
    return `${lines.map((line) => `${line}\n`).join('')}${reportText(report, { terminal: LOG, limit, groupBy, complains: false })}`;
  },
  appends: { variable: 'GITHUB_STEP_SUMMARY', render: jobSummary },
};

function complaintAnnotations(report: Report): Annotation[] {
  return complaints(report).map(({ text, more }) => ({
    level: 'warning',
    title: 'Tardy cannot tell',
    message: [text, ...more].join('\n'),
  }));
}

/** Healthy runs, which `--all` lists, are no annotation. */
function runAnnotations({ runs }: Report, timeZone: string): Annotation[] {
  return runs.flatMap((row) => {
    if (row.problem_class === 'none') return [];
    const { label, title, headline, reason, link, source, id } = rowTexts(row, timeZone);
    const level = isAccepted(row) ? 'notice' : (LEVELS[row.presentation.tone] ?? 'notice');
    const lines = [headline, reason, link ?? `${source} ${id}`].filter((line) => line !== '');
    return [{ level, title: `${label}: ${title}`, message: lines.join('\n') }];
  });
}

/** The runner reads each line of the log: the data of a command ends at a line break, a property also at a comma or colon. */
function command({ level, title, message }: Annotation): string {
  return `::${level} title=${escapeProperty(title)}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** As many runs as fit. */
function jobSummary(report: Report, context: FormatContext): string {
  const { rows } = listedRows(report, context.limit);
  for (let { length: limit } = rows; ; limit = Math.floor(limit / 2)) {
    const text = `${markdownText(report, { ...context, limit })}\n`;
    if (limit === 0 || Buffer.byteLength(text) <= MOST_SUMMARY_BYTES) return text;
  }
}
