import { extname, resolve } from 'node:path';
import { buildReport, LATELY_MS, reachesLevel, type Instant, type JudgedRun, type Report } from '@tardy/core';
import { Command, Option } from 'commander';
import { peekState } from '../alerts/state-file.js';
import { readSetup } from '../config/setup.js';
import { UsageError } from '../errors.js';
import { EXIT } from '../exit-code.js';
import type { CliIo } from '../io.js';
import { escapeMarkdown, markdownText } from '../output/formats/markdown.js';
import { sanitizeInline } from '../output/sanitize.js';
import { jsonText } from '../output/json.js';
import { timeZoneFor } from '../output/time-zone.js';
import { zoneFlag } from '../output-options.js';
import {
  readCommonOptions,
  durationFlag,
  withCommonOptions,
  type CommonFlags,
  type CommonOptions,
} from '../read/common-options.js';
import { readWith } from '../read/read-all.js';
import { readRecord } from '../record/read-record.js';
import { reportBasis } from '../read/reported.js';
import type { Submit } from '../task.js';
import { alarmSection, alarmsSince } from './alarm-history.js';
import { alarmMarkdown, type AlarmSection } from './alarm-section.js';
import { htmlReport } from './html-report.js';
import { recordedSection, recordedSince } from './recorded.js';
import { rowsWithAlarms } from './report-alarms.js';

/** The forms of a report. */
const FORMS = ['html', 'markdown', 'json'] as const;

type Form = (typeof FORMS)[number];

/** The options of `report`. */
export type ReportOptions = CommonOptions & {
  readonly sources: readonly string[];
  readonly form: Form;
  /** Where it is written; stdout if absent. */
  readonly output: string | undefined;
  /** How far back to look for runs that ended badly, in milliseconds; not at all if absent. */
  readonly sinceMs: number | undefined;
  readonly title: string;
  /** The state that checks keep, to say what alarmed and recovered. */
  readonly statePath: string | undefined;
  /** The record that `record` keeps, to say what was late or stuck. */
  readonly record: string | undefined;
  /** An IANA name. */
  readonly timeZone: string | undefined;
};

type ReportFlags = CommonFlags & {
  format?: Form;
  output?: string;
  since?: string;
  title: string;
  state?: string;
  record?: string;
  timeZone?: string;
};

/** How many ended runs of each source are read to find those that ended badly. */
const RECENT = 1000;

/** Requests to each source for the second look, as in `check`. */
const SECOND_LOOK = { maxRequests: 200, confirmAfterMs: 15_000 };

/** Builds `report`: flags in, options out. `run` is replaced in tests of the flags. */
export function reportCommand(submit: Submit, run = runReport): Command {
  const command = new Command('report')
    .description('Write a report for people: one HTML file that opens without a network, Markdown or JSON')
    .argument(
      '[source...]',
      'names from the config, or URIs: github:owner/repo, runs:https://host/api, file:runs.json, -',
    )
    .option('-o, --output <file>', 'write to this file; its ending says the format')
    .addOption(new Option('-f, --format <format>', 'the format (default: html)').choices(FORMS))
    .option('--since <duration>', 'also what ended badly within this time, such as 24h')
    .option('--state <path>', 'also what alarmed and recovered within that time, from the state that checks keep')
    .option(
      '--record <record>',
      'also what was late or stuck within that time, from what tardy record keeps (default: "record" of the config)',
    )
    .option('--title <text>', 'the title of the report', 'Tardy')
    .option('--time-zone <name>', 'time zone for times, such as Europe/Berlin');
  return withCommonOptions(command)
    .addHelpText('after', HELP)
    .action((sources: string[], flags: ReportFlags) => {
      const options: ReportOptions = {
        ...readCommonOptions(flags),
        sources,
        form: flags.format ?? formOf(flags.output),
        output: flags.output,
        sinceMs: flags.since === undefined ? undefined : durationFlag('--since', flags.since),
        title: flags.title,
        statePath: flags.state,
        record: flags.record,
        timeZone: flags.timeZone === undefined ? undefined : zoneFlag(flags.timeZone),
      };
      submit((io) => run(io, options));
    });
}

/** Reads, judges, confirms and writes. 3 if something could not be read, else 0: a report raises no alarm. */
export async function runReport(io: CliIo, options: ReportOptions): Promise<number> {
  const { output, sinceMs, statePath } = options;
  if (output !== undefined) await io.checkWritable(resolve(io.cwd, output));
  const started = options.at ?? io.now();
  const since = sinceMs === undefined ? undefined : started - sinceMs;
  const alerts = statePath === undefined ? undefined : await peekState(io, statePath);
  const alarms = alerts === undefined ? undefined : alarmsSince(alerts, since ?? started - LATELY_MS);
  const setup = await readSetup(io, options);
  const record = await readRecord(io, setup.config, options.record);
  const recorded = record === undefined ? undefined : recordedSince(record, since ?? started - LATELY_MS);
  const reading = await readWith(io, setup, options.sources, options, {
    query: since === undefined ? { activity: 'active' } : { activity: 'recent', limit: RECENT, endedSince: since },
    keep: (judged) => belongs(judged, since),
    secondLook: {
      alarms: ({ freshness }) => reachesLevel(freshness.state, 'stale'),
      maxRequests: SECOND_LOOK.maxRequests,
      confirmAfterMs: options.at === undefined ? SECOND_LOOK.confirmAfterMs : 0,
      sleep: io.sleep,
    },
  });
  const report = buildReport({
    ...reportBasis(reading),
    ...rowsWithAlarms(reading, alarms),
    failOn: 'never',
    allowUnknown: true,
    recorded,
  });
  const timeZone = timeZoneFor({
    flag: options.timeZone,
    config: setup.config?.timeZone,
    env: io.env,
    isTty: false,
  });
  const sections = [
    ...(alarms === undefined ? [] : [alarmSection(alarms, timeZone)]),
    ...(recorded === undefined ? [] : [recordedSection(recorded, timeZone)]),
  ];
  const text = await renderForm(io, report, { form: options.form, title: options.title, sections, timeZone });
  if (output === undefined) io.stdout.write(text);
  else {
    await io.writeFile(resolve(io.cwd, output), text);
    io.stderr.write(`Wrote ${sanitizeInline(output)}.\n`);
  }
  return report.complete ? EXIT.OK : EXIT.CANNOT_TELL;
}

/** Active runs, and those that ended badly since then. A run that went well is no news. */
function belongs({ run, freshness }: JudgedRun, since: Instant | undefined): boolean {
  if (run.status !== 'completed') return true;
  return since !== undefined && freshness.problemClass === 'terminal_follow_up' && (run.endedAt ?? Infinity) >= since;
}

async function renderForm(
  io: CliIo,
  report: Report,
  {
    form,
    title,
    sections,
    timeZone,
  }: {
    readonly form: Form;
    readonly title: string;
    readonly sections: readonly AlarmSection[];
    readonly timeZone: string;
  },
): Promise<string> {
  switch (form) {
    case 'html':
      return htmlReport(io, report, { title, timeZone, sections });
    case 'markdown': {
      const body = markdownText(report, { limit: undefined, groupBy: undefined, timeZone });
      const parts = [`# ${escapeMarkdown(sanitizeInline(title))}\n`, body];
      return [...parts, ...sections.map(alarmMarkdown)].join('\n');
    }
    case 'json':
      return jsonText(report);
  }
}

function formOf(output: string | undefined): Form {
  if (output === undefined) return 'html';
  switch (extname(output).toLowerCase()) {
    case '.html':
    case '.htm':
      return 'html';
    case '.md':
    case '.markdown':
      return 'markdown';
    case '.json':
      return 'json';
    default:
      throw new UsageError(
        `The ending of ${sanitizeInline(output)} says no format.`,
        'Write to a file that ends with .html, .md or .json, or say --format.',
      );
  }
}

const HELP = `
Exit codes:
  0  everything was read; it was written
  2  usage, config or policy error, or the file cannot be written
  3  a source failed or is incomplete; the report says so

Examples:
  tardy report --since 24h --output report.html
  tardy report github:acme/web --format markdown >> "$GITHUB_STEP_SUMMARY"`;
