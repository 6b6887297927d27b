import { Command } from 'commander';
import { readSetup } from '../config/setup.js';
import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';
import { sanitizeInline, sanitizeUrl } from '../output/sanitize.js';
import { readCommonOptions, withCommonOptions, type CommonFlags, type CommonOptions } from '../read/common-options.js';
import { withSourceOfRun } from '../read/source-of-run.js';
import { unreachable } from '../read/opened-source.js';
import type { Submit } from '../task.js';
import { openInBrowser } from './open-in-browser.js';

/** The options of `open`. */
export type OpenOptions = CommonOptions & { readonly source: string; readonly runId: string; readonly print: boolean };

/** Builds `open`: flags in, options out. `run` is replaced in tests of the flags. */
export function openCommand(submit: Submit, run = runOpen): Command {
  const command = new Command('open')
    .description('Open the page of a run in its source')
    .argument('<source>', 'the source as check prints it: a name from the config, or a URI')
    .argument('<run-id>', 'id of the run in that source')
    .option('--print', 'print the URL instead of opening it');
  return withCommonOptions(command)
    .addHelpText('after', HELP)
    .action((source: string, runId: string, flags: CommonFlags & { print?: boolean }) => {
      const options = { ...readCommonOptions(flags), source, runId, print: flags.print ?? false };
      submit((io) => run(io, options));
    });
}

/**
 * Reads the run and opens its link.
 *
 * @param show opens a URL; replaced in tests.
 * @throws {UsageError} if there is no such run, or it has no link.
 */
export async function runOpen(io: CliIo, options: OpenOptions, show = openInBrowser): Promise<number> {
  const setup = await readSetup(io, options);
  return withSourceOfRun(io, setup, options, async ({ source, connection }) => {
    const run = await source.get(options.runId, connection?.fetch ?? unreachable);
    if (run === undefined) throw new UsageError(`${source.name} has no run "${sanitizeInline(options.runId)}".`);
    // Always http or https: a run with another link cannot be read.
    if (run.url === undefined) throw new UsageError(`The run has no page: ${source.name} reports no link for it.`);
    const url = sanitizeUrl(run.url);
    io.stdout.write(`${url}\n`);
    if (!options.print) await show(url);
  });
}

const HELP = `
Exit codes:
  0  the page was opened or printed
  2  usage or config error, no such run, or a run without a page
  3  the source failed

Examples:
  tardy open github:acme/web 4815162342
  tardy open --print billing op_42`;
