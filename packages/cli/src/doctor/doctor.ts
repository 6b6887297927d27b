import type { ReportSource } from '@tardy/core';
import { policyDigest } from '@tardy/core/digest';
import { Command } from 'commander';
import type { Setup } from '../config/setup.js';
import { EXIT } from '../exit-code.js';
import type { CliIo } from '../io.js';
import { terminalOf } from '../output-options.js';
import { sanitizeInline } from '../output/sanitize.js';
import { jsonText } from '../output/json.js';
import { tableLines, type Column } from '../output/table.js';
import { wrap } from '../output/text-width.js';
import { readCommonOptions, withCommonOptions, type CommonFlags, type CommonOptions } from '../read/common-options.js';
import { readAll } from '../read/read-all.js';
import type { Submit } from '../task.js';
import { findGaps, gapSentences, type FieldGaps } from './field-gaps.js';

/** The options of `doctor`. */
export type DoctorOptions = CommonOptions & { readonly sources: readonly string[]; readonly json: boolean };

/** One source, examined. */
type Examined = { readonly source: ReportSource; readonly gaps: FieldGaps };

const COLUMNS: readonly Column[] = [
  { header: 'SOURCE', least: 8, rank: 0 },
  { header: 'KIND', rank: 2 },
  { header: 'RESPONSE', least: 10, rank: 0 },
  { header: 'ACTIVE RUNS', align: 'right', rank: 0 },
  { header: 'PAGES', align: 'right', rank: 3 },
  { header: 'CLOCK', align: 'right', rank: 1 },
];

/** A larger clock offset is mentioned, though it is trusted up to --max-clock-offset. */
const NOTABLE_OFFSET_MS = 30_000;

/** Builds `doctor`: flags in, options out. `run` is replaced in tests of the flags. */
export function doctorCommand(submit: Submit, run = runDoctor): Command {
  const command = new Command('doctor')
    .description(
      'Check each source: does it respond, is access granted, how far off is its clock, which fields are missing',
    )
    .argument('[source...]', 'names from the config, or URIs: github:owner/repo, runs:https://host/api')
    .option('--json', 'print JSON');
  return withCommonOptions(command).action((sources: string[], flags: CommonFlags & { json?: boolean }) => {
    const options: DoctorOptions = { ...readCommonOptions(flags), sources, json: flags.json ?? false };
    submit((io) => run(io, options));
  });
}

/** Reads the active runs of each source and prints what it found. 3 if a source could not be read completely, else 0. */
export async function runDoctor(io: CliIo, options: DoctorOptions): Promise<number> {
  const { sources, runs, setup } = await readAll(io, options.sources, options, {
    query: { activity: 'active' },
    keep: () => true,
    secondLook: undefined,
  });
  const examined = sources.map((source, index): Examined => {
    const own = runs.filter(({ sourceIndex }) => sourceIndex === index);
    return { source, gaps: findGaps(own.map(({ run }) => run)) };
  });
  io.stdout.write(options.json ? jsonText(examinedJson(examined, setup)) : doctorText(io, examined, setup, options));
  return examined.every(({ source }) => source.complete) ? EXIT.OK : EXIT.CANNOT_TELL;
}

function doctorText(io: CliIo, examined: readonly Examined[], setup: Setup, options: DoctorOptions): string {
  const terminal = terminalOf(io, io.stdout, options);
  const table = tableLines(
    COLUMNS,
    examined.map(({ source, gaps }) => [
      { text: source.name },
      { text: source.kind },
      responseCell(source),
      { text: String(gaps.active) },
      { text: String(source.pages) },
      { text: clockText(source) },
    ]),
    terminal,
  );
  const basis = setup.configShown === undefined ? [] : [`Policy: ${setup.policyFrom}; config: ${setup.configShown}`];
  const notes = [...examined.flatMap(notesOf), ...basis].map(sanitizeInline);
  const wrapped = terminal.isTty ? notes.flatMap((note) => wrap(note, terminal.columns)) : notes;
  const lines = [...table, ...(wrapped.length > 0 ? [''] : []), ...wrapped];
  return lines.map((line) => `${line}\n`).join('');
}

function responseCell({ complete, error }: ReportSource): {
  readonly text: string;
  readonly style: 'success' | 'danger' | 'warning';
} {
  if (error !== null) return { text: error.code, style: 'danger' };
  return complete ? { text: 'ok', style: 'success' } : { text: 'partial', style: 'warning' };
}

/** The offset of the source's clock from ours: `+1.2 s ±0.1 s`. */
function clockText({ clock_offset_ms: offset, clock_uncertainty_ms: uncertainty }: ReportSource): string {
  if (offset === null) return '';
  return `${signedSeconds(offset)}${uncertainty === null ? '' : ` ±${(uncertainty / 1000).toFixed(1)} s`}`;
}

function signedSeconds(ms: number): string {
  return `${ms < 0 ? '-' : '+'}${(Math.abs(ms) / 1000).toFixed(1)} s`;
}

function notesOf({ source, gaps }: Examined): string[] {
  const offset = source.clock_offset_ms;
  const sentences = [
    ...(source.error === null ? [] : [source.error.message]),
    ...source.issues.map(({ id, reason }) => (id === null ? reason : `${id}: ${reason}`)),
    ...(offset !== null && Math.abs(offset) > NOTABLE_OFFSET_MS
      ? [
          `Its clock is off by ${signedSeconds(offset)} compared with this machine. Its runs are judged by its own clock.`,
        ]
      : []),
    ...gapSentences(gaps),
  ];
  return sentences.map((sentence) => `${source.name}: ${sentence}`);
}

function examinedJson(examined: readonly Examined[], setup: Setup): unknown {
  return {
    policy: { digest: policyDigest(setup.generalPolicy), from: setup.policyFrom },
    config: setup.configShown ?? null,
    sources: examined.map(({ source, gaps }) => ({ ...source, fields: gaps })),
  };
}
