import type { Argument, Command, Option } from 'commander';

/** One thing that could be written next. */
export type Candidate = { readonly value: string; readonly about: string };

/** What the command tree itself does not know. */
export type Names = {
  /** The sources of the config. */
  readonly sources: readonly string[];
  /** How the URIs of the kinds of source begin. */
  readonly kinds: readonly Candidate[];
  /** The formats of a report. */
  readonly formats: readonly Candidate[];
  /** The topics of `help`. */
  readonly topics: readonly Candidate[];
};

/** Where the words before the last one lead. */
type Place = {
  readonly command: Command;
  /** How many arguments it has got. */
  readonly given: number;
  /** The option that waits for a value. */
  readonly waiting: Option | undefined;
};

/**
 * What the last of these words could become; the words follow the name of the program. Nothing where the shell should offer files.
 */
export function candidatesFor(program: Command, words: readonly string[], names: Names): readonly Candidate[] {
  const current = words.at(-1) ?? '';
  const { command, given, waiting } = placeAfter(program, words.slice(0, -1));
  return candidatesAt(command, given, waiting, current, names).filter(({ value }) => value.startsWith(current));
}

function placeAfter(program: Command, words: readonly string[]): Place {
  let command = program;
  let given = 0;
  let waiting: Option | undefined;
  for (const word of words) {
    if (waiting !== undefined) {
      waiting = undefined;
      continue;
    }
    if (word.startsWith('-')) {
      const option = command.options.find(({ short, long }) => word === short || word === long);
      if (option?.required === true) waiting = option;
      continue;
    }
    const below = command.commands.find((child) => child.name() === word);
    if (below === undefined || given > 0) given++;
    else command = below;
  }
  return { command, given, waiting };
}

function candidatesAt(
  command: Command,
  given: number,
  waiting: Option | undefined,
  current: string,
  names: Names,
): readonly Candidate[] {
  if (waiting !== undefined) return valuesOf(waiting, current, names);
  if (current.startsWith('-')) {
    return command.options
      .filter(({ hidden }) => !hidden)
      .flatMap(({ long, description }) => (typeof long !== 'string' ? [] : [{ value: long, about: description }]));
  }
  const below = command.commands.filter((child) => !isHidden(command, child));
  if (below.length > 0 && given === 0) {
    return below.map((child) => ({ value: child.name(), about: child.description() }));
  }
  return argumentsOf(argumentAt(command, given), names);
}

function valuesOf({ argChoices, long }: Option, current: string, { formats }: Names): readonly Candidate[] {
  if (argChoices !== undefined) return argChoices.map((value) => ({ value, about: '' }));
  if (long !== '--format') return [];
  // A list: only its last part is being written.
  const before = current.slice(0, current.lastIndexOf(',') + 1);
  return formats.map(({ value, about }) => ({ value: before + value, about }));
}

/** The last argument may repeat. */
function argumentAt(command: Command, given: number): Argument | undefined {
  const { registeredArguments } = command;
  const last = registeredArguments.at(-1);
  return registeredArguments[given] ?? (last?.variadic === true ? last : undefined);
}

function argumentsOf(argument: Argument | undefined, names: Names): readonly Candidate[] {
  if (argument?.argChoices !== undefined) return argument.argChoices.map((value) => ({ value, about: '' }));
  switch (argument?.name()) {
    case 'source':
      return [...names.sources.map((value) => ({ value, about: 'from the config' })), ...names.kinds];
    case 'topic':
      return names.topics;
    default:
      return [];
  }
}

/** Commander has no public way to ask whether a command is hidden but its help. */
function isHidden(parent: Command, child: Command): boolean {
  return !parent.createHelp().visibleCommands(parent).includes(child);
}
