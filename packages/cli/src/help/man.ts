import { Command, type Option } from 'commander';
import { UsageError } from '../errors.js';
import { EXIT } from '../exit-code.js';
import type { CommandTree, Submit } from '../task.js';
import { VERSION } from '../version.js';
import { TOPICS } from './topics.js';

/** Builds `man`, which prints a manual page. */
export function manCommand(submit: Submit, tree: CommandTree): Command {
  return new Command('man')
    .description('Print the manual page of a command, for man(1)')
    .argument('[command]', 'the command; without one, the page of tardy itself')
    .addHelpText('after', '\nExamples:\n  tardy man check | man -l -\n  tardy man > /usr/local/share/man/man1/tardy.1')
    .action((name: string | undefined) => {
      submit(async (io) => {
        io.stdout.write(manPage(await tree(), name));
        return EXIT.OK;
      });
    });
}

/**
 * A manual page in the roff of man(7), made of the command tree.
 *
 * @throws {UsageError} for a command that does not exist.
 */
function manPage(program: Command, name: string | undefined): string {
  if (name === undefined) return rootPage(program);
  const command = program.commands.find((child) => child.name() === name);
  if (command === undefined) throw new UsageError(`There is no command "${name}".`, 'See tardy --help.');
  return commandPage(command, `tardy-${name}`, `tardy ${name}`);
}

function rootPage(program: Command): string {
  const commands = visible(program).map((child) => entry(child.name(), child.description()));
  const topics = Object.values(TOPICS).map(({ about, text }) => section(about, literal(text())));
  return [
    head('tardy', program.description()),
    section('Synopsis', '.B tardy\n.I command\n[options]'),
    section('Commands', commands.join('\n')),
    ...topics,
    section(
      'See also',
      visible(program)
        .map((child) => `.BR tardy-${escaped(child.name())} (1)`)
        .join(',\n'),
    ),
  ].join('\n');
}

function commandPage(command: Command, page: string, invocation: string): string {
  const below = visible(command);
  const parts = [
    head(page, command.description()),
    section('Synopsis', `.B ${escaped(invocation)}\n${escaped(command.usage())}`),
  ];
  if (command.registeredArguments.length > 0) {
    const rows = command.registeredArguments.map((argument) => entry(argument.name(), argument.description));
    parts.push(section('Arguments', rows.join('\n')));
  }
  if (below.length > 0) {
    const rows = below.map((child) => [
      entry(`${child.name()} ${child.usage()}`, child.description()),
      optionsOf(child),
    ]);
    parts.push(
      section(
        'Commands',
        rows
          .flat()
          .filter((text) => text !== '')
          .join('\n'),
      ),
    );
  }
  if (command.options.length > 0) parts.push(section('Options', optionsOf(command)));
  const after = afterHelp(command);
  if (after !== '') parts.push(section('Notes', literal(after)));
  parts.push(section('See also', '.BR tardy (1)'));
  return parts.join('\n');
}

function visible(command: Command): readonly Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((child) => child.name() !== 'help');
}

function optionsOf(command: Command): string {
  const help = command.createHelp();
  return help
    .visibleOptions(command)
    .map((option: Option) => entry(help.optionTerm(option), help.optionDescription(option)))
    .join('\n');
}

/** What a command adds behind its help: exit codes and examples. */
function afterHelp(command: Command): string {
  let added = '';
  command.configureOutput({ writeOut: (text) => void (added += text) });
  command.outputHelp();
  return added.slice(command.helpInformation().length).trim();
}

function head(page: string, about: string): string {
  return `.TH ${page.toUpperCase()} 1 "" "Tardy ${VERSION}" "Tardy"\n.SH NAME\n${escaped(page)} \\- ${escaped(about)}`;
}

function section(title: string, body: string): string {
  return `.SH ${escaped(title).toUpperCase()}\n${body}\n`;
}

function entry(term: string, about: string): string {
  return `.TP\n.B ${escaped(term)}\n${escaped(about)}`;
}

/** Text whose lines stay as they are. */
function literal(text: string): string {
  return `.nf\n${text
    .split('\n')
    .map((line) => escaped(line))
    .join('\n')}\n.fi`;
}

/** No character of a text is taken for a request: backslashes, hyphens, and dots and quotes at the start of a line. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/^(?=[.'])/gm, '\\&');
}
