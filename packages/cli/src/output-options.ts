import { Option, type Command } from 'commander';
import { UsageError } from './errors.js';
import type { CliIo, OutputStream } from './io.js';
import { FORMAT_NAMES, type FormatName } from './output/formats/registry.js';
import { progressLine, readingWords, type ProgressLine } from './output/progress-line.js';
import { parseFields, type ReportField } from './output/report-fields.js';
import { isCi, terminalFrom, type Terminal } from './output/terminal.js';

/** The output flags as commander gives them. */
export type OutputFlags = {
  readonly format?: string;
  readonly json?: string | true;
  readonly jq?: string;
};

/** One format and the file it goes to; without a path it goes to stdout. */
export type OutputTarget = { readonly format: FormatName; readonly path: string | undefined };

/** The output flags, parsed. `fields` selects fields of the runs instead of the complete report; `jq` filters either. */
export type OutputOptions = {
  readonly targets: readonly OutputTarget[];
  readonly fields: readonly ReportField[] | undefined;
  readonly jq: string | undefined;
};

/** Adds the output flags. */
export function withOutputOptions(command: Command): Command {
  return command
    .option(
      '-f, --format <list>',
      `${FORMAT_NAMES.join(', ')}; separate several with commas; add =file to write to a file`,
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

function readTargets(list: string): OutputTarget[] {
  const targets = list.split(',').map((part): OutputTarget => {
    const equals = part.indexOf('=');
    const name = (equals < 0 ? part : part.slice(0, equals)).trim();
    const path = equals < 0 ? undefined : part.slice(equals + 1);
    const format = FORMAT_NAMES.find((known) => known === name);
    if (format === undefined) {
      throw new UsageError(`Unknown format "${name}" in --format.`, `Formats: ${FORMAT_NAMES.join(', ')}`);
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
