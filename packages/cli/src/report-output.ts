import { resolve } from 'node:path';
import type { Report } from '@tardy/core';
import { UsageError } from './errors.js';
import { EXIT } from './exit-code.js';
import type { CliIo } from './io.js';
import { terminalOf, type ColorChoice, type OutputOptions, type OutputTarget } from './output-options.js';
import type { FormatContext, ReportFormat, Template } from './output/formats/format.js';
import { FORMATS } from './output/formats/registry.js';
import { basisLines, complaintLines, isBasisUsual } from './output/report-summary.js';
import { sanitizeLines } from './output/sanitize.js';
import { PLAIN_FILE } from './output/terminal.js';
import { timeZoneFor } from './output/time-zone.js';

/** What is known of an output only once everything is read. */
export type OutputDetails = {
  /** The time zone of the config. */
  readonly timeZone?: string | undefined;
  /** Words the report as text; by default as `check` does. */
  readonly textOf?: FormatContext['textOf'];
};

/** Where a report goes. */
export type ReportOutput = {
  /**
   * Writes a report to each destination and gives the exit code. What cannot be rendered or written never hides a verdict: it is 2
   * only where the report alone would be 0.
   */
  readonly write: (report: Report, details?: OutputDetails) => Promise<number>;
};

/** A destination whose format is loaded. */
type Ready = OutputTarget & { readonly loaded: ReportFormat };

/** What all destinations have in common. */
type Settings = OutputOptions & ColorChoice & { readonly template: Template | undefined };

/**
 * Loads the formats and checks that every file can be written. Called before anything is read: a source must not be asked for
 * minutes, and people woken by its verdict, only to find that the report has nowhere to go.
 *
 * @throws {UsageError} naming the file that cannot be written, or for an expression or a template that does not compile.
 */
export async function prepareOutput(io: CliIo, options: OutputOptions & ColorChoice): Promise<ReportOutput> {
  const settings = { ...options, template: await readTemplate(io, options.templatePath) };
  const ready = await Promise.all(
    options.targets.map(async (target): Promise<Ready> => {
      if (target.path !== undefined) await io.checkWritable(resolve(io.cwd, target.path));
      const loaded: ReportFormat = await FORMATS[target.format].load();
      await loaded.check?.(settings);
      return { ...target, loaded };
    }),
  );
  return { write: (report, details = {}) => writeReport(io, report, ready, settings, details) };
}

async function readTemplate(io: CliIo, path: string | undefined): Promise<Template | undefined> {
  if (path === undefined) return undefined;
  const text = await io.readFile(resolve(io.cwd, path));
  if (text === undefined) throw new UsageError(`The template ${path} does not exist.`);
  return { path, text };
}

async function writeReport(
  io: CliIo,
  report: Report,
  ready: readonly Ready[],
  settings: Settings,
  details: OutputDetails,
): Promise<number> {
  const plugin = ready.find(({ path, loaded }) => path === undefined && loaded.exitCode !== undefined);
  let exitCode = plugin?.loaded.exitCode?.(report) ?? report.exit_code;
  const outputs = ready.map((target) => ({ ...target, context: contextOf(io, target, settings, details) }));
  for (const line of complaintLines(report, terminalOf(io, io.stderr, settings))) io.stderr.write(`${line}\n`);
  if (!settings.quiet && !outputs.some(({ loaded, context }) => loaded.namesBasis?.(context) === true))
    noteBasis(io, report);
  for (const { path, loaded, context } of outputs) {
    try {
      const text = await loaded.render(report, context);
      if (path !== undefined) await io.writeFile(resolve(io.cwd, path), text);
      else if (!settings.quiet || exitCode !== EXIT.OK) io.stdout.write(text);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      complain(io, error);
      if (exitCode === EXIT.OK) exitCode = plugin === undefined ? EXIT.USAGE : EXIT.CANNOT_TELL;
    }
    await append(io, report, loaded, context);
  }
  return exitCode;
}

function contextOf(
  io: CliIo,
  { path }: OutputTarget,
  { limit, groupBy, fields, jq, template, timeZone: flag, color }: Settings,
  { timeZone: config, textOf }: OutputDetails,
): FormatContext {
  const isTty = path === undefined && io.stdout.isTty;
  return {
    terminal: path === undefined ? terminalOf(io, io.stdout, { color }) : PLAIN_FILE,
    limit,
    groupBy,
    timeZone: timeZoneFor({ flag, config, env: io.env, isTty }),
    fields,
    jq,
    template,
    complains: path !== undefined,
    textOf,
  };
}

/** The file belongs to the CI system: where it cannot be written, that changes no verdict. */
async function append(io: CliIo, report: Report, { appends }: ReportFormat, context: FormatContext): Promise<void> {
  const path = appends === undefined ? undefined : io.env[appends.variable];
  if (appends === undefined || path === undefined || path === '') return;
  try {
    await io.appendFile(resolve(io.cwd, path), appends.render(report, { ...context, complains: true }));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    complain(io, error);
  }
}

function complain(io: CliIo, { message }: UsageError): void {
  io.stderr.write(sanitizeLines(`tardy: ${message}\n`));
}

/** Where no text and no report says it, stderr says which config and which policy other than the built-in one are in use. */
function noteBasis(io: CliIo, report: Report): void {
  if (isBasisUsual(report)) return;
  for (const line of basisLines(report, PLAIN_FILE)) io.stderr.write(`tardy: ${line}\n`);
}
