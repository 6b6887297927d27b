import { reachesLevel, type Report, type ReportRun, type ReportSource } from '@tardy/core';
import { complaints } from '../report-summary.js';
import { sanitizeInline } from '../sanitize.js';
import { escapeXml } from '../xml.js';
import type { ReportFormat } from './format.js';
import { isAccepted, rowTexts } from './row-texts.js';

/** One test case, as XML. */
type TestCase = { readonly outcome: 'passed' | 'failure' | 'error' | 'skipped'; readonly xml: string };

/**
 * JUnit XML: a suite for each source, in it a case that the source could be read and one for each run of the report. A run that
 * reaches `--fail-on` is a failure; one that cannot be judged is an error, or skipped with `--allow-unknown`.
 *
 * It fits both published schemas: that of Jenkins' xUnit plugin, and the stricter one of Windy Road for Ant's JUnitReport, which wants
 * every attribute, output elements per suite and times without a zone.
 */
export const junitFormat: ReportFormat = {
  render: (report, { timeZone }) => {
    const suites = report.sources.map((source, index) => suiteXml(source, index, report, timeZone));
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('')}</testsuites>\n`;
  },
};

function suiteXml(source: ReportSource, index: number, report: Report, timeZone: string): string {
  const rows = report.runs.filter((row) => sourceOf(row, report) === source);
  const cases = [readCase(source, report), ...rows.map((row) => runCase(row, source, report, timeZone))];
  const count = (outcome: TestCase['outcome']) => cases.filter((one) => one.outcome === outcome).length;
  const name = attribute(source.name);
  // The guideline of the schema: UTC, without a zone and without fractions.
  const at = report.now.slice(0, 'yyyy-mm-ddThh:mm:ss'.length);
  const head = `id="${index}" package="tardy" name="${name}" timestamp="${at}" hostname="localhost" tests="${cases.length}"`;
  const counts = `failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="0"`;
  return [
    `  <testsuite ${head} ${counts}>`,
    '    <properties>',
    `      <property name="kind" value="${attribute(source.kind)}"/>`,
    `      <property name="policy" value="${attribute(source.policy_digest)}"/>`,
    `      <property name="runs" value="${source.runs}"/>`,
    '    </properties>',
    ...cases.map(({ xml }) => xml),
    '    <system-out/>',
    '    <system-err/>',
    '  </testsuite>\n',
  ].join('\n');
}

/** A run names its own source, which for a host is another one than that which was read. */
function sourceOf({ run }: ReportRun, { sources }: Report): ReportSource | undefined {
  return sources.length === 1 ? sources[0] : (sources.find(({ name }) => name === run['source']) ?? sources[0]);
}

function readCase(source: ReportSource, report: Report): TestCase {
  const head = `name="The source can be read" classname="${attribute(source.name)}" time="0"`;
  const [complaint] = complaints({ ...report, sources: [source] });
  if (complaint === undefined) return { outcome: 'passed', xml: `    <testcase ${head}/>` };
  const { text, more } = complaint;
  return {
    outcome: 'error',
    xml: withChild(head, 'error', source.error?.code ?? 'incomplete', text, [text, ...more]),
  };
}

function runCase(row: ReportRun, source: ReportSource, report: Report, timeZone: string): TestCase {
  const texts = rowTexts(row, timeZone);
  const head = `name="${attribute(`${texts.title} (${texts.id})`)}" classname="${attribute(`${source.name}.${texts.type}`)}" time="${seconds(row)}"`;
  const message = `${texts.label}: ${texts.headline}`;
  const lines = [message, texts.reason, texts.guidance, texts.link ?? ''].filter((line) => line !== '');
  const outcome = outcomeOf(row, report);
  if (outcome === 'passed') return { outcome, xml: `    <testcase ${head}/>` };
  return { outcome, xml: withChild(head, outcome, row.freshness.state, message, lines) };
}

function outcomeOf(row: ReportRun, report: Report): TestCase['outcome'] {
  const { freshness, problem_class: problem } = row;
  if (problem !== 'active_stale_attention') return 'passed';
  if (isAccepted(row)) return 'skipped';
  if (reachesLevel(freshness.state, report.fail_on ?? 'stale')) return 'failure';
  if (freshness.state !== 'unknown') return 'passed';
  return report.allow_unknown === true ? 'skipped' : 'error';
}

function withChild(
  head: string,
  name: 'failure' | 'error' | 'skipped',
  type: string,
  message: string,
  lines: readonly string[],
): string {
  const body = escapeXml(lines.join('\n'));
  // The schema of Jenkins knows no attribute of a skipped case.
  const open = name === 'skipped' ? name : `${name} type="${attribute(type)}" message="${attribute(message)}"`;
  return `    <testcase ${head}>\n      <${open}>${body}</${name}>\n    </testcase>`;
}

/** A token of XML Schema: without blanks at the ends, and never two in a row. */
function attribute(text: string): string {
  const token = sanitizeInline(text).replaceAll(/\s+/g, ' ').trim();
  return escapeXml(token === '' ? '-' : token);
}

/** How long the run has been in the state that the clock measures. */
function seconds({ freshness: { age_ms: ageMs } }: ReportRun): string {
  return String(Math.max(0, Math.round((ageMs ?? 0) / 1000)));
}
