import { Command } from 'commander';
import { UsageError } from '../errors.js';
import { EXIT } from '../exit-code.js';
import type { CommandTree, Submit } from '../task.js';
import { isTopic, TOPICS } from './topics.js';

/** Builds `help`: the help of a command, or a topic. */
export function helpCommand(submit: Submit, tree: CommandTree): Command {
  return new Command('help')
    .description('Explain a command, or a topic')
    .argument('[topic...]', `a command, or ${Object.keys(TOPICS).join(', ')}`)
    .action((words: string[]) => {
      submit(async (io) => {
        io.stdout.write(await helpFor(words, tree));
        return EXIT.OK;
      });
    });
}

async function helpFor(words: readonly string[], tree: CommandTree): Promise<string> {
  const [topic = ''] = words;
  if (words.length === 1 && isTopic(topic)) return `${TOPICS[topic].text()}\n`;
  let command = await tree();
  for (const word of words) {
    const below = command.commands.find((child) => child.name() === word);
    if (below === undefined) {
      throw new UsageError(
        `There is no help for "${words.join(' ')}".`,
        `Topics: ${Object.keys(TOPICS).join(', ')}. Commands: see tardy --help.`,
      );
    }
    command = below;
  }
  return command.helpInformation();
}
