import { join } from 'node:path';
import { Command } from 'commander';
import { UsageError } from '../errors.js';
import { EXIT } from '../exit-code.js';
import type { CliIo } from '../io.js';
import { sanitizeInline } from '../output/sanitize.js';
import type { Submit } from '../task.js';
import { askOnTerminal, type Ask } from './ask.js';
import { configText, POLICY_FILE, policyText } from './config-text.js';
import { lookAround, type FoundSource } from './look-around.js';

/** The options of `init`. */
export type InitOptions = { readonly yes: boolean; readonly force: boolean };

const CONFIG_FILE = 'tardy.config.yaml';

/** After Ctrl-C, as shells expect it. */
const INTERRUPTED = 130;

/** Builds `init`: flags in, options out. `run` is replaced in tests of the flags. */
export function initCommand(submit: Submit, run = runInit): Command {
  return new Command('init')
    .description('Write a config and a policy for what is around')
    .option('-y, --yes', 'ask nothing: take what is certain, and leave the rest as comments')
    .option('--force', 'replace files that are there')
    .addHelpText('after', HELP)
    .action((flags: { yes?: boolean; force?: boolean }) => {
      submit((io) => run(io, { yes: flags.yes ?? false, force: flags.force ?? false }));
    });
}

/**
 * Looks around, asks, and writes both files.
 *
 * @throws {UsageError} if a file is there already, or nobody can be asked.
 */
export async function runInit(io: CliIo, { yes, force }: InitOptions, ask: Ask = askOnTerminal): Promise<number> {
  if (!yes && !(io.stdout.isTty && io.stderr.isTty)) {
    throw new UsageError('init asks questions, and there is no terminal.', 'Say --yes to take what is certain.');
  }
  if (!force) for (const name of [CONFIG_FILE, POLICY_FILE]) await refuseExisting(io, name);
  const found = await lookAround(io);
  const chosen = yes || found.length === 0 ? found.filter(({ sure }) => sure) : await ask(found);
  if (chosen === undefined) return INTERRUPTED;
  await io.writeFile(join(io.cwd, POLICY_FILE), policyText());
  await io.writeFile(
    join(io.cwd, CONFIG_FILE),
    configText(
      chosen,
      found.filter((one) => !chosen.includes(one)),
    ),
  );
  io.stdout.write(wordsOf(chosen));
  return EXIT.OK;
}

async function refuseExisting(io: CliIo, name: string): Promise<void> {
  if ((await io.readFile(join(io.cwd, name))) === undefined) return;
  throw new UsageError(`${name} is there already.`, 'Nothing was written. Say --force to replace it.');
}

function wordsOf(chosen: readonly FoundSource[]): string {
  const missing = chosen.flatMap(({ name, token }) =>
    token === undefined || token.isSet ? [] : [`${name}: if it needs a token, set ${token.name} and uncomment it.`],
  );
  const sources =
    chosen.length === 0
      ? ['No source was found. Add one: tardy help sources']
      : chosen.map(({ name, title, why }) => `${name} (${title}): ${why}`);
  const lines = [`Wrote ${CONFIG_FILE} and ${POLICY_FILE}.`, ...sources, ...missing, 'Next: tardy doctor'];
  return lines.map((line) => `${sanitizeInline(line)}\n`).join('');
}

const HELP = `
It looks at the variables of a CI job and of known systems, git remotes, compose files and the kubeconfig. It sends no request, and writes no secret:
tokens are references to variables.

Exit codes:
  0  both files were written
  2  a file is there already, or nobody can be asked`;
