import { databaseUrlProblem, proposeMapping, recognisePresets } from '@tardy/core/sources';
import { UsageError } from '../errors.js';
import type { CliIo, ConnectionOptions } from '../io.js';
import { sanitizeInline, sanitizeLines } from '../output/sanitize.js';

/**
 * The URIs that a URL of a database stands for if nothing says what it holds: one for each preset whose tables are there; says so on stderr.
 *
 * @throws {UsageError} if none is, with the config of a table that looks like runs; {SourceError} if the database cannot be read.
 */
export async function recogniseDatabase(
  io: CliIo,
  text: string,
  options: Pick<ConnectionOptions, 'timeoutMs' | 'ca' | 'debug'>,
): Promise<readonly string[]> {
  const problem = databaseUrlProblem(text);
  if (problem !== undefined) throw new UsageError(`${problem} Write it as postgres://user@host.example/database`);
  const connection = await io.connect({ baseUrl: text, credentials: {}, ...options });
  try {
    const presets = await recognisePresets(text, connection.fetch);
    const names = presets.map((preset) => `${preset}:${text}`);
    if (presets.length > 0) {
      io.stderr.write(sanitizeLines(`tardy: ${text} is read as ${names.join(' and ')}.\n`));
      return names;
    }
    const proposal = await proposeMapping(text, connection.fetch);
    if (proposal === undefined) {
      throw new UsageError(
        'This database holds no tables that Tardy knows, and none that looks like runs.',
        'Describe the table in a config with kind: sql.',
      );
    }
    throw new UsageError(
      `This database holds no tables that Tardy knows. The table ${sanitizeInline(proposal.table)} looks like runs.`,
      `A config for it, to be completed and named with --config:\n\n${proposal.yaml}`,
    );
  } finally {
    await connection.close();
  }
}
