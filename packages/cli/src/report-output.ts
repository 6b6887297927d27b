import { resolve } from 'node:path';
import type { Report } from '@tardy/core';
import { UsageError } from './errors.js';
import { EXIT } from './exit-code.js';
import type { CliIo } from './io.js';
import { terminalOf, type ColorChoice, type OutputOptions, type OutputTarget } from './output-options.js';
import type { FormatContext, ReportFormat } from './output/formats/format.js';
import { FORMATS } from './output/formats/registry.js';
import { basisLines, isBasisUsual } from './output/report-summary.js';
import { sanitizeLines } from './output/sanitize.js';
import { PLAIN_FILE } from './output/terminal.js';

/** Where a report goes. */
export type ReportOutput = {
  /**
   * Writes a report to each destination and gives the exit code. What cannot be rendered or written never hides a verdict: it is 2
   * only where the report alone would be 0.
   *
   * @param textOf words the report as text; by default as `check` does.
   */
  readonly write: (report: Report, textOf?: FormatContext['textOf']) => Promise<number>;
};

/** A destination whose format is loaded. */
type Ready = OutputTarget & { readonly loaded: ReportFormat };

/**
 * Loads the formats and checks that every file can be written. Called before anything is read: a source must not be asked for
 * minutes, and people woken by its verdict, only to find that the report has nowhere to go.
 *
 * @throws {UsageError} naming the file that cannot be written, or for a jq expression that cannot be compiled.
 */
export async function prepareOutput(io: CliIo, options: OutputOptions & ColorChoice): Promise<ReportOutput> {
  const ready = await Promise.all(
    options.targets.map(async (target): Promise<Ready> => {
      if (target.path !== undefined) await io.checkWritable(resolve(io.cwd, target.path));
      const loaded: ReportFormat = await FORMATS[target.format].load();
      await loaded.check?.(options);
      return { ...target, loaded };
    }),
  );
  return { write: (report, textOf) => writeReport(io, report, ready, options, textOf) };
}

async function writeReport(
  io: CliIo,
  report: Report,
  ready: readonly Ready[],
  options: OutputOptions & ColorChoice,
  textOf: FormatContext['textOf'],
): Promise<number> {
  let exitCode: number = report.exit_code;
  const contextOf = ({ path }: OutputTarget): FormatContext => ({
    terminal: path === undefined ? terminalOf(io, io.stdout, options) : PLAIN_FILE,
    fields: options.fields,
    jq: options.jq,
    textOf,
  });
  if (!ready.some((target) => target.loaded.namesBasis?.(contextOf(target)) === true)) noteBasis(io, report);
  for (const target of ready) {
    try {
      const text = await target.loaded.render(report, contextOf(target));
      if (target.path === undefined) io.stdout.write(text);
      else await io.writeFile(resolve(io.cwd, target.path), text);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      io.stderr.write(sanitizeLines(`tardy: ${error.message}\n`));
      if (exitCode === EXIT.OK) exitCode = EXIT.USAGE;
    }
  }
  return exitCode;
}

/** Where no text and no report says it, stderr says which config and which policy other than the built-in one are in use. */
function noteBasis(io: CliIo, report: Report): void {
  if (isBasisUsual(report)) return;
  for (const line of basisLines(report, PLAIN_FILE)) io.stderr.write(`tardy: ${line}\n`);
}
