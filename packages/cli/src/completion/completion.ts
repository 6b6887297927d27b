import { SOURCE_KINDS } from '@tardy/core/sources';
import { Argument, Command } from 'commander';
import { findConfig } from '../config/find-config.js';
import { UsageError } from '../errors.js';
import { EXIT } from '../exit-code.js';
import { TOPICS } from '../help/topics.js';
import type { CliIo } from '../io.js';
import { FORMAT_NAMES, FORMATS } from '../output/formats/registry.js';
import { sanitizeInline } from '../output/sanitize.js';
import type { CommandTree, Submit } from '../task.js';
import { candidatesFor, type Candidate, type Names } from './candidates.js';
import { completionScript, SHELLS, type Shell } from './scripts.js';

/** Builds `completion`, which prints the script of a shell. */
export function completionCommand(submit: Submit): Command {
  return new Command('completion')
    .description('Print the script that makes a shell complete commands, flags, sources and formats')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText('after', HELP)
    .action((shell: Shell) => {
      submit(async (io) => {
        io.stdout.write(completionScript(shell));
        return EXIT.OK;
      });
    });
}

/** Builds what those scripts ask: the words so far, the one being written last. */
export function completeCommand(submit: Submit, tree: CommandTree): Command {
  return new Command('__complete')
    .argument('[word...]')
    .allowUnknownOption()
    .action((words: string[]) => {
      submit(async (io) => {
        const candidates = candidatesFor(await tree(), words, await namesOf(io));
        for (const { value, about } of candidates)
          io.stdout.write(`${sanitizeInline(value)}\t${sanitizeInline(about)}\n`);
        return EXIT.OK;
      });
    });
}

async function namesOf(io: CliIo): Promise<Names> {
  return {
    sources: await configuredNames(io),
    kinds: [
      ...Object.values(SOURCE_KINDS).flatMap(({ kind, title, example }): Candidate[] =>
        example.startsWith(`${kind}:`) ? [{ value: `${kind}:`, about: title }] : [],
      ),
      { value: 'file:', about: 'runs in a file' },
    ],
    formats: FORMAT_NAMES.map((value) => ({ value, about: FORMATS[value].about })),
    topics: Object.entries(TOPICS).map(([value, { about }]) => ({ value, about })),
  };
}

/** No completion is worth an error message in the middle of a command. */
async function configuredNames(io: CliIo): Promise<readonly string[]> {
  try {
    const { file } = await findConfig(io, undefined);
    if (file === undefined) return [];
    const { parseConfig } = await import('../config/config.js');
    return [...(await parseConfig(file)).sources.keys()];
  } catch (error) {
    if (error instanceof UsageError) return [];
    throw error;
  }
}

const HELP = `
Install it:
  bash         echo 'eval "$(tardy completion bash)"' >> ~/.bashrc
  zsh          tardy completion zsh > "\${fpath[1]}/_tardy"
  fish         tardy completion fish > ~/.config/fish/completions/tardy.fish
  powershell   tardy completion powershell >> $PROFILE`;
