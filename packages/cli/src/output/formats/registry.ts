import type { Report } from '@tardy/core';
import { PLAIN_FILE } from '../terminal.js';
import type { FormatContext, ReportFormat } from './format.js';

/** A format before it is loaded. */
type Entry = {
  /** What it is for, in a few words. */
  readonly about: string;
  readonly load: () => Promise<ReportFormat>;
};

/** Every format of a report, in the order of the documentation. */
export const FORMATS = {
  text: {
    about: 'a table for people, columns with tabs in a pipe',
    load: async () => (await import('./text.js')).textFormat,
  },
  json: { about: 'the complete report', load: async () => (await import('./json.js')).jsonFormat },
  ndjson: { about: 'one run per line, as JSON', load: async () => (await import('./ndjson.js')).ndjsonFormat },
  csv: { about: 'one run per line, for a spreadsheet', load: async () => (await import('./csv.js')).csvFormat },
  markdown: {
    about: 'for an issue, a comment or a chat',
    load: async () => (await import('./markdown.js')).markdownFormat,
  },
  html: {
    about: 'one static page, for an artifact or a mail',
    load: async () => (await import('./html.js')).htmlFormat,
  },
  github: {
    about: 'annotations and the job summary of GitHub and Gitea Actions',
    load: async () => (await import('./github.js')).githubFormat,
  },
  gitlab: { about: 'a code quality report of GitLab', load: async () => (await import('./gitlab.js')).gitlabFormat },
  junit: { about: 'test results, for any CI system', load: async () => (await import('./junit.js')).junitFormat },
  nagios: {
    about: 'a monitoring plugin with its exit codes, for Nagios, Icinga, Checkmk',
    load: async () => (await import('./nagios.js')).nagiosFormat,
  },
  prometheus: {
    about: 'metrics for the textfile collector',
    load: async () => (await import('./prometheus.js')).prometheusFormat,
  },
  openmetrics: {
    about: 'metrics in the format of OpenMetrics',
    load: async () => (await import('./openmetrics.js')).openMetricsFormat,
  },
  slack: { about: 'a message for an incoming webhook', load: async () => (await import('./slack.js')).slackFormat },
  template: {
    about: 'a Handlebars template of your own',
    load: async () => (await import('./template.js')).templateFormat,
  },
} as const satisfies Readonly<Record<string, Entry>>;

/** The name of a format. */
export type FormatName = keyof typeof FORMATS;

/** The names of all formats, in the order of the documentation. */
export const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[];

/** For a file or a message: every character, no colour, no wrapping. */
const NO_CONTEXT: FormatContext = {
  terminal: PLAIN_FILE,
  limit: undefined,
  groupBy: undefined,
  timeZone: 'UTC',
  fields: undefined,
  jq: undefined,
  template: undefined,
  complains: true,
  textOf: undefined,
};

/** A report in a format, for whoever sends or embeds it. Nothing is printed or written. */
export async function renderReport(
  name: FormatName,
  report: Report,
  context: Partial<FormatContext> = {},
): Promise<string> {
  const { render } = await FORMATS[name].load();
  return render(report, { ...NO_CONTEXT, ...context });
}
