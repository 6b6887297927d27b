import { Option, type Command } from 'commander';
import { UsageError } from './errors.js';
import type { CliIo, OutputStream } from './io.js';
import { GROUP_KEYS, type GroupKey } from './output/groups.js';
import { FORMAT_NAMES, type FormatName } from './output/formats/registry.js';
import { progressLine, readingWords, type ProgressLine, type ReadingProgress } from './output/progress-line.js';
import { parseFields, type ReportField } from './output/report-fields.js';
import { isTimeZone } from './output/time-zone.js';
import { isCi, terminalFrom, type Terminal } from './output/terminal.js';

/** The output flags as commander gives them. */
export type OutputFlags = {
  readonly format?: string;
  readonly json?: string | true;
  readonly jq?: string;
  readonly template?: string;
  readonly timeZone?: string;
  readonly groupBy?: GroupKey;
  readonly quiet?: boolean;
};

/** One format and the file it goes to; without a path it goes to stdout. */
export type OutputTarget = { readonly format: FormatName; readonly path: string | undefined };

/** The output flags, parsed. `fields` selects fields of the runs instead of the complete report; `jq` filters either. */
export type OutputOptions = {
  readonly targets: readonly OutputTarget[];
  readonly fields: readonly ReportField[] | undefined;
  readonly jq: string | undefined;
  readonly templatePath: string | undefined;
  /** An IANA name. */
  readonly timeZone: string | undefined;
  /** What the formats for people put runs together by, instead of listing each. */
  readonly groupBy: GroupKey | undefined;
  /** Print nothing on stdout if the exit code is 0. */
  readonly quiet: boolean;
  /** How many runs the formats for people list; `undefined` for all. */
  readonly limit: number | undefined;
};

/** Adds the output flags. */
export function withOutputOptions(command: Command): Command {
  return command
    .option(
      '-f, --format <list>',
      `${FORMAT_NAMES.join(', ')}; separate several with commas; add =file to write to a file`,
    )
    .addOption(new Option('--json [fields]', 'print the report as JSON, or only these fields of each run'))
    .option('-q, --jq <expression>', 'filter the JSON with a jq expression')
    .option('--template <file>', 'a Handlebars template for --format template')
    .addOption(
      new Option('--group-by <field>', 'one line for each type, tenant or source (text, markdown, github)').choices(
        GROUP_KEYS,
      ),
    )
    .option('--quiet', 'print nothing if the exit code is 0; files are still written')
    .option('--time-zone <name>', 'time zone for times, such as Europe/Berlin');
}

/**
 * Parses the output flags. `limit` is a flag of each command's own.
 *
 * @throws {UsageError} for an unknown format, field or time zone, or two formats for one destination.
 */
export function readOutputOptions(flags: OutputFlags): Omit<OutputOptions, 'limit'> {
  const wantsJson = flags.json !== undefined || flags.jq !== undefined;
  if (wantsJson && flags.format !== undefined) {
    throw new UsageError(
      '--json and --jq print JSON, so they cannot be combined with --format.',
      'Use one or the other.',
    );
  }
  const usual = flags.template === undefined ? 'text' : 'template';
  const targets = wantsJson ? [{ format: 'json' as const, path: undefined }] : readTargets(flags.format ?? usual);
  if (flags.template !== undefined && !targets.some(({ format }) => format === 'template')) {
    throw new UsageError(
      '--template is given, but no format uses it.',
      'Add it to the others: --format text,template=report.txt',
    );
  }
  return {
    targets,
    fields: typeof flags.json === 'string' ? parseFields(flags.json) : undefined,
    jq: flags.jq,
    templatePath: flags.template,
    groupBy: flags.groupBy,
    quiet: flags.quiet ?? false,
    timeZone: flags.timeZone === undefined ? undefined : zoneFlag(flags.timeZone),
  };
}

/**
 * Parses `--time-zone`.
 *
 * @throws {UsageError} for a name that is not one.
 */
export function zoneFlag(name: string): string {
  if (isTimeZone(name)) return name;
  throw new UsageError(`--time-zone "${name}" is not a time zone.`, 'Use a name such as UTC or Europe/Berlin.');
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
): ProgressLine & { readonly read: (progress: ReadingProgress) => void } {
  const line = progressLine({
    write: io.stderr.write,
    terminal: terminalOf(io, io.stderr, choice),
    animated: !isCi(io.env),
    now: io.now,
  });
  return { ...line, read: (progress) => line.update(readingWords(progress)) };
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
