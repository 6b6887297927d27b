import type { Run } from '@tardy/core';
import type { Setup } from '../config/setup.js';
import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';
import { sanitizeInline } from '../output/sanitize.js';
import { openSources, sourceNames, type ConnectionFlags, type OpenedSources } from './open-sources.js';
import { unreachable, type OpenedSource } from './opened-source.js';

/** The source of one run. */
export type SourceOfRun = { readonly one: OpenedSource; readonly close: () => Promise<void> };

/**
 * Opens the source that `name` stands for: one of the config, a URI, or what `check` prints as the source of a run. A host's runs may name
 * a source of their own; then all sources of the config are asked for that run.
 *
 * @throws {UsageError} if there is no such source, and none that has such a run.
 */
export async function openSourceOfRun(
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
