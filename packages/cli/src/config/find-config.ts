import { dirname, join, resolve } from 'node:path';
import { SOURCE_KINDS } from '@tardy/core/sources';
import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';
import { isCi } from '../output/terminal.js';

/** A config file. */
export type ConfigFile = {
  readonly path: string;
  readonly text: string;
  /**
   * For a file that was found rather than named: the folder that its files must lie in. Whoever wrote it may be a stranger, so it
   * may use secrets only at the origins that the environment ties them to.
   */
  readonly confinedTo: string | undefined;
};

/** The config to use, and the one that was found but is not used, because this is a CI job and nobody named it. */
export type FoundConfig = { readonly file: ConfigFile | undefined; readonly unused: string | undefined };

const NAMES = ['tardy.config.yaml', 'tardy.config.yml', 'tardy.config.json'];

/**
 * Reads the config at `path` (`--config`) or `TARDY_CONFIG`, else the first one found from the working directory upward, no further
 * than the root of the repository.
 *
 * @throws {UsageError} if a named file does not exist, or a found one may have been put there by somebody else.
 */
export async function findConfig(io: CliIo, path: string | undefined): Promise<FoundConfig> {
  const variable = io.env['TARDY_CONFIG'];
  const named = path ?? (variable === '' ? undefined : variable);
  if (named !== undefined) {
    const full = resolve(io.cwd, named);
    const text = await io.readFile(full);
    if (text === undefined) throw new UsageError(`The config file ${named} does not exist.`);
    return { file: { path: full, text, confinedTo: undefined }, unused: undefined };
  }
  let found: { readonly path: string; readonly text: string } | undefined;
  let folder = io.cwd;
  for (; found === undefined; folder = dirname(folder)) {
    found = await configIn(io, folder);
    if (found !== undefined || (await isRoot(io, folder))) break;
  }
  if (found === undefined) return { file: undefined, unused: undefined };
  if (isJob(io.env)) return { file: undefined, unused: found.path };
  await refuseStrangers(io, found.path);
  return { file: { ...found, confinedTo: await rootOf(io, folder) }, unused: undefined };
}

async function configIn(
  io: CliIo,
  folder: string,
): Promise<{ readonly path: string; readonly text: string } | undefined> {
  const found: { readonly path: string; readonly text: string }[] = [];
  for (const name of NAMES) {
    const path = join(folder, name);
    const text = await io.readFile(path);
    if (text !== undefined) found.push({ path, text });
  }
  const [first, second] = found;
  if (first !== undefined && second !== undefined) {
    throw new UsageError(
      `${first.path} and ${second.path} lie side by side, so it is unclear which one is meant.`,
      'Remove one of them, or name one: --config.',
    );
  }
  return first;
}

/** Whether a folder is the root of a repository, or of the file system. */
async function isRoot(io: CliIo, folder: string): Promise<boolean> {
  return dirname(folder) === folder || (await io.fileAccess(join(folder, '.git'))) !== undefined;
}

/** The root of the repository that a folder lies in, else the folder itself. */
async function rootOf(io: CliIo, folder: string): Promise<string> {
  let root = folder;
  while (!(await isRoot(io, root))) root = dirname(root);
  return dirname(root) === root ? folder : root;
}

/** A checkout of a CI job may hold whatever a pull request brought along. */
function isJob(env: CliIo['env']): boolean {
  return isCi(env) || Object.values(SOURCE_KINDS).some(({ ciJob }) => ciJob?.(env) !== undefined);
}

async function refuseStrangers(io: CliIo, path: string): Promise<void> {
  const file = await io.fileAccess(path);
  const folder = await io.fileAccess(dirname(path));
  const why =
    file?.ownedByOthers === true
      ? 'belongs to another user'
      : file?.writableByAll === true
        ? 'can be changed by every user'
        : folder?.writableByAll === true
          ? 'lies in a folder that every user can write to'
          : undefined;
  if (why === undefined) return;
  throw new UsageError(`${path} ${why}, so it is not used unasked.`, `To use it all the same: --config ${path}`);
}
