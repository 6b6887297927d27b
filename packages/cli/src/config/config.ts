import { dirname } from 'node:path';
import { configIssues } from '@tardy/core/sources';
import * as z from 'zod';
import { UsageError } from '../errors.js';
import type { ConfigFile } from './find-config.js';
import { isTimeZone } from '../output/time-zone.js';
import { parseYaml } from './parse-yaml.js';

/** One source of a config: its kind, its credentials, and the settings of its kind. */
export type ConfiguredSource = {
  readonly kind: string;
  /** A reference to a secret: `token`, or `password` as databases call it. */
  readonly token: string | undefined;
  /** Headers whose values are references to secrets. */
  readonly headers: Readonly<Record<string, string>>;
  readonly config: Readonly<Record<string, unknown>>;
};

/** A parsed config. Sources written as a URI stay text. */
export type Config = {
  readonly path: string;
  readonly folder: string;
  readonly sources: ReadonlyMap<string, string | ConfiguredSource>;
  readonly policy: unknown;
  /** Where alerts can be sent, by name; checked when they are used. */
  readonly targets: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** A file or a folder that keeps the state of alerts. */
  readonly state: string | undefined;
  /** The record of what checks saw: a file of lines, or a database after `sqlite:`. */
  readonly record: string | undefined;
  /** A file of acknowledgements. */
  readonly acknowledgements: string | undefined;
  /** The time zone of times in outputs, an IANA name. */
  readonly timeZone: string | undefined;
  /** See `ConfigFile`. */
  readonly confinedTo: string | undefined;
};

const NAME = /^[A-Za-z0-9][\w.-]*$/;

const sourceSchema = z.union([
  z.string(),
  z
    .looseObject({
      kind: z.string(),
      token: z.string().optional(),
      password: z.string().optional(),
      headers: z.record(z.string(), z.string()).optional(),
    })
    .describe('kind, token or password, headers and the settings of the kind'),
]);

const configSchema = z.strictObject({
  version: z.literal(1, 'it must be 1').optional(),
  sources: z
    .record(z.string().regex(NAME, 'the name of a source consists of letters, digits, _ . -'), sourceSchema)
    .optional(),
  policy: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  targets: z
    .record(
      z.string().regex(NAME, 'the name of a target consists of letters, digits, _ . -'),
      z.looseObject({ kind: z.string() }),
    )
    .optional(),
  state: z.string().min(1).optional(),
  record: z.string().min(1).optional(),
  acknowledgements: z.string().min(1).optional(),
  time_zone: z.string().refine(isTimeZone, 'it must be a time zone such as Europe/Berlin').optional(),
});

/**
 * Parses a config file.
 *
 * @throws {UsageError} naming the file and the invalid field.
 */
export async function parseConfig(file: ConfigFile): Promise<Config> {
  const parsed = configSchema.safeParse(await parseYaml(file.text, file.path));
  if (!parsed.success) {
    const lines = configIssues(parsed.error.issues).map(({ path, message }) => `  ${path}: ${message}`);
    throw new UsageError(
      `${file.path} is invalid:\n${lines.join('\n')}`,
      `A config consists of ${Object.keys(configSchema.shape).join(', ')}.`,
    );
  }
  const sources = new Map<string, string | ConfiguredSource>();
  for (const [name, source] of Object.entries(parsed.data.sources ?? {})) {
    if (typeof source === 'string') sources.set(name, source);
    else {
      const { kind, token, password, headers, ...config } = source;
      sources.set(name, { kind, token: token ?? password, headers: headers ?? {}, config });
    }
  }
  return {
    path: file.path,
    folder: dirname(file.path),
    sources,
    policy: parsed.data.policy,
    targets: new Map(Object.entries(parsed.data.targets ?? {})),
    state: parsed.data.state,
    record: parsed.data.record,
    acknowledgements: parsed.data.acknowledgements,
    timeZone: parsed.data.time_zone,
    confinedTo: file.confinedTo,
  };
}
