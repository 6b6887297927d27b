import type { Run } from '@tardy/core';
import type { Setup } from '../config/setup.js';
import { UsageError } from '../errors.js';
import { EXIT } from '../exit-code.js';
import type { CliIo } from '../io.js';
import { sanitizeInline } from '../output/sanitize.js';
import { describeError } from './describe-error.js';
import { openSources, sourceNames, type ConnectionFlags, type OpenedSources } from './open-sources.js';
import { unreachable, type OpenedSource } from './opened-source.js';

/** The source of one run. */
type SourceOfRun = { readonly one: OpenedSource; readonly close: () => Promise<void> };

/**
 * Opens the source of a run, does something with it and closes it. A source that fails is named on stderr, and the exit code is 3.
 *
 * @throws {UsageError} as `openSourceOfRun`, and whatever the use of it throws of that kind.
 */
export async function withSourceOfRun(
  io: CliIo,
  setup: Setup,
  options: ConnectionFlags & { readonly source: string; readonly runId: string },
  use: (one: OpenedSource) => Promise<void>,
): Promise<number> {
  const { one, close } = await openSourceOfRun(io, setup, options.source, options.runId, options);
  try {
    await use(one);
    return EXIT.OK;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code, message } = describeError(error, one);
    io.stderr.write(`tardy: ${sanitizeInline(message)} (${code})\n`);
    return EXIT.CANNOT_TELL;
  } finally {
    await close();
  }
}

/**
 * Opens the source that `name` stands for: one of the config, a URI, or what `check` prints as the source of a run. A host's runs may name
 * a source of their own; then all sources of the config are asked for that run.
 *
 * @throws {UsageError} if there is no such source, and none that has such a run.
 */
async function openSourceOfRun(
  io: CliIo,
  setup: Setup,
  name: string,
  id: string,
  options: ConnectionFlags,
): Promise<SourceOfRun> {
  let unknown: UsageError;
  try {
    return only(await openSources(io, setup, [name], options));
  } catch (error) {
    if (!(error instanceof UsageError) || setup.config?.sources.has(name) === true) throw error;
    unknown = error;
  }
  for (const known of sourceNames(setup.config, [])) {
    const found = only(await openSources(io, setup, [known], options));
    if ((await runIn(found.one, id))?.source === name) return found;
    await found.close();
  }
  throw setup.config === undefined
    ? unknown
    : new UsageError(
        `There is no source "${sanitizeInline(name)}", and no source of ${setup.config.path} has a run ${sanitizeInline(id)} of it.`,
        unknown.hint,
      );
}

/** The run with that id; `undefined` where a source has none or does not respond: another one may have it. */
async function runIn({ source, connection }: OpenedSource, id: string): Promise<Run | undefined> {
  return source.get(id, connection?.fetch ?? unreachable).catch(() => undefined);
}

function only({ opened, close }: OpenedSources): SourceOfRun {
  const [one] = opened;
  if (one === undefined) throw new UsageError('There is no source to read.');
  return { one, close };
}
