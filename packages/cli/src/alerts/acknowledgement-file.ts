import { resolve } from 'node:path';
import { compileAcknowledgements, parseInstant, type Acknowledgements } from '@tardy/core';
import type { Config } from '../config/config.js';
import { parseYaml } from '../config/parse-yaml.js';
import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';

/**
 * Reads the file of acknowledgements that the command line names, else the one of the config; `undefined` if neither names one.
 *
 * @throws {UsageError} for a file that is missing or invalid, with each fault and its place.
 */
export async function readAcknowledgements(
  io: CliIo,
  path: string | undefined,
  config: Pick<Config, 'folder' | 'acknowledgements' | 'confinedTo'> | undefined,
): Promise<Acknowledgements | undefined> {
  if (path !== undefined) return parse(await io.readFile(resolve(io.cwd, path)), path);
  const named = config?.acknowledgements;
  if (config === undefined || named === undefined) return undefined;
  return parse(await io.readFile(resolve(config.folder, named), config.confinedTo), named);
}

async function parse(text: string | undefined, shown: string): Promise<Acknowledgements> {
  if (text === undefined) throw new UsageError(`The file of acknowledgements ${shown} does not exist.`);
  const { acknowledgementsSchema } = await import('@tardy/core/schema');
  const parsed = acknowledgementsSchema.safeParse(await parseYaml(text, shown));
  if (!parsed.success) {
    const lines = parsed.error.issues.map(
      (issue) => `  ${issue.path.map(String).join('.') || 'the file'}: ${issue.message}`,
    );
    throw new UsageError(
      `${shown} is invalid:\n${lines.join('\n')}`,
      'Each entry has match (id, source, type, tenant, …), reason, by and until.',
    );
  }
  return compileAcknowledgements(
    parsed.data.acknowledgements.map(({ match, reason, by, until }) => ({
      match,
      reason,
      by,
      until: parseInstant(until) ?? Number.NaN,
    })),
  );
}
