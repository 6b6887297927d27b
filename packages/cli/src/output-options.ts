import { resolve } from 'node:path';
import type { Report } from '@tardy/core';
import { Option, type Command } from 'commander';
import { UsageError } from './errors.js';
import { EXIT } from './exit-code.js';
import type { CliIo, OutputStream } from './io.js';
import { jqText } from './output/jq.js';
import { jsonText, jsonValue, reportJson, reportNdjson } from './output/json.js';
import { progressLine, readingWords, type ProgressLine } from './output/progress-line.js';
import { parseFields, type ReportField } from './output/report-fields.js';
import { basisLines, isBasisUsual } from './output/report-summary.js';
import { reportText } from './output/report-text.js';
import { sanitizeLines } from './output/sanitize.js';
import { isCi, terminalFrom, type Terminal } from './output/terminal.js';

/** The output flags as commander gives them. */
export type OutputFlags = {
  readonly format?: string;
  readonly json?: string | true;
  readonly jq?: string;
};

/** One format and the file it goes to; without a path it goes to stdout. */
export type OutputTarget = { readonly format: ReportFormat; readonly path: string | undefined };

/** The output flags, parsed. `fields` selects fields of the runs instead of the complete report; `jq` filters either. */
export type OutputOptions = {
  readonly targets: readonly OutputTarget[];
  readonly fields: readonly ReportField[] | undefined;
  readonly jq: string | undefined;
};

/** The formats of a report. */
export const REPORT_FORMATS = ['text', 'json', 'ndjson'] as const;

/** The name of a format. */
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Adds the output flags. */
export function withOutputOptions(command: Command): Command {
  return command
    .option(
      '-f, --format <list>',
      `${REPORT_FORMATS.join(', ')}; separate several with commas; add =file to write to a file`,
    )
    .addOption(new Option('--json [fields]', 'print the report as JSON, or only these fields of each run'))
    .option('-q, --jq <expression>', 'filter the JSON with a jq expression');
}

/**
 * Parses the output flags.
 *
 * @throws {UsageError} for an unknown format or field, or two formats for one destination.
 */
export function readOutputOptions(flags: OutputFlags): OutputOptions {
  const wantsJson = flags.json !== undefined || flags.jq !== undefined;
  if (wantsJson && flags.format !== undefined) {
    throw new UsageError(
      '--json and --jq print JSON, so they cannot be combined with --format.',
      'Use one or the other.',
    );
  }
  return {
    targets: wantsJson ? [{ format: 'json', path: undefined }] : readTargets(flags.format ?? 'text'),
    fields: typeof flags.json === 'string' ? parseFields(flags.json) : undefined,
    jq: flags.jq,
  };
}

/**
 * Writes a report to each destination and gives the exit code. A file that cannot be written never hides a verdict: it is 2 only
 * where the report alone would be 0.
 *
 * @param textOf renders the report as text for a terminal of the given abilities.
 */
export async function writeReport(
  io: CliIo,
  report: Report,
  options: OutputOptions & ColorChoice,
  textOf: (terminal: Terminal) => string = (terminal) => reportText(report, terminal),
): Promise<number> {
  let exitCode: number = report.exit_code;
  noteBasis(io, report, options);
  for (const target of options.targets) {
    const text = await render(report, target, io, options, textOf);
    if (target.path === undefined) {
      io.stdout.write(text);
      continue;
    }
    try {
      await io.writeFile(resolve(io.cwd, target.path), text);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      io.stderr.write(sanitizeLines(`tardy: ${error.message}\n`));
      if (exitCode === EXIT.OK) exitCode = EXIT.USAGE;
    }
  }
  return exitCode;
}

/** Where no text and no report says it, stderr says which config and which policy other than the built-in one are in use. */
function noteBasis(io: CliIo, report: Report, { targets, fields, jq }: OutputOptions): void {
  const says = targets.some(
    ({ format }) => format === 'text' || (format === 'json' && fields === undefined && jq === undefined),
  );
  if (says || isBasisUsual(report)) return;
  for (const line of basisLines(report, PLAIN_FILE)) io.stderr.write(`tardy: ${line}\n`);
}

/** Whether `--color` or `--no-color` was given. */
export type ColorChoice = { readonly color: boolean | undefined };

/** What a stream can display. */
export function terminalOf(io: CliIo, stream: OutputStream, { color }: ColorChoice): Terminal {
  return terminalFrom({ env: io.env, isTty: stream.isTty, columns: stream.columns, flags: { color } });
}

/** A progress line on stderr, for reads that take longer than a second. */
export function readingProgress(
  io: CliIo,
  choice: ColorChoice,
): ProgressLine & { readonly read: (runs: number, pages: number) => void } {
  const line = progressLine({
    write: io.stderr.write,
    terminal: terminalOf(io, io.stderr, choice),
    animated: !isCi(io.env),
    now: io.now,
  });
  return { ...line, read: (runs, pages) => line.update(readingWords(runs, pages)) };
}

async function render(
  report: Report,
  target: OutputTarget,
  io: CliIo,
  options: OutputOptions & ColorChoice,
  textOf: (terminal: Terminal) => string,
): Promise<string> {
  switch (target.format) {
    case 'text':
      return textOf(target.path === undefined ? terminalOf(io, io.stdout, options) : PLAIN_FILE);
    case 'ndjson':
      return reportNdjson(report.runs);
    case 'json':
      if (options.jq !== undefined) return jqText(jsonValue(report, options.fields), options.jq);
      return options.fields === undefined ? reportJson(report) : jsonText(jsonValue(report, options.fields));
  }
}

const PLAIN_FILE: Terminal = { columns: 120, color: false, unicode: true, isTty: false };

function readTargets(list: string): OutputTarget[] {
  const targets = list.split(',').map((part): OutputTarget => {
    const equals = part.indexOf('=');
    const name = (equals < 0 ? part : part.slice(0, equals)).trim();
    const path = equals < 0 ? undefined : part.slice(equals + 1);
    const format = REPORT_FORMATS.find((known) => known === name);
    if (format === undefined) {
      throw new UsageError(`Unknown format "${name}" in --format.`, `Formats: ${REPORT_FORMATS.join(', ')}`);
    }
    if (path === '') throw new UsageError(`--format ${name}= has no file name.`);
    return { format, path };
  });
  const places = targets.map(({ path }) => path ?? '');
  if (new Set(places).size < places.length) {
    throw new UsageError(
      '--format writes two formats to the same place.',
      'Give each its own file: text,json=report.json',
    );
  }
  return targets;
}
