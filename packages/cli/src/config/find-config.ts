import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';

/** A config file: its path and its text. */
export type ConfigFile = { readonly path: string; readonly text: string };

const NAMES = ['tardy.config.yaml', 'tardy.config.yml', 'tardy.config.json'];

/**
 * Reads the config at `path`, else the first one found from the working directory upward.
 *
 * @throws {UsageError} if there is no file at `path`.
 */
export async function findConfig(io: CliIo, path: string | undefined): Promise<ConfigFile | undefined> {
  if (path !== undefined) {
    const full = resolve(io.cwd, path);
    const text = await io.readFile(full);
    if (text === undefined) throw new UsageError(`The config file ${path} does not exist.`);
    return { path: full, text };
  }
  for (let folder = io.cwd; ; folder = dirname(folder)) {
    for (const name of NAMES) {
      const full = join(folder, name);
      const text = await io.readFile(full);
      if (text !== undefined) return { path: full, text };
    }
    if (dirname(folder) === folder) return undefined;
  }
}
