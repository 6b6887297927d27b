import type { Command } from 'commander';
import type { CliIo } from './io.js';

/** What a command line asks for. Resolves to the exit code. */
export type Task = (io: CliIo) => Promise<number>;

/** Receives the task that a command makes of its arguments. */
export type Submit = (task: Task) => void;

/** Builds the tree of all commands, for whatever speaks of commands. */
export type CommandTree = () => Promise<Command>;
