import { resolve } from 'node:path';
import {
  engineOf,
  firstSet,
  meantUri,
  parseSourceUri,
  SourceConfigError,
  SourceError,
  sourceKind,
  SOURCE_KINDS,
  storedSource,
  type OpenSource,
  type RequestSigner,
  type Source,
  type SourceUri,
} from '@tardy/core/sources';
import type { Config, ConfiguredSource } from '../config/config.js';
import { clusterAccess, type ClusterAccess } from '../config/kubeconfig.js';
import { readSecret, type SecretUse } from '../config/secret.js';
import type { Setup } from '../config/setup.js';
import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';
import { sanitizeLines } from '../output/sanitize.js';
import type { CommonOptions } from './common-options.js';
import { appDatabase, referencedUrl, withPreset } from './database-uri.js';
import type { OpenedSource } from './opened-source.js';

/** The flags that connections need. */
export type ConnectionFlags = Pick<CommonOptions, 'timeoutMs' | 'allowHosts' | 'debug'> & {
  /** Whose tables the databases among the sources hold. */
  readonly preset?: string | undefined;
};

/** The sources of one command. */
export type OpenedSources = { readonly opened: readonly OpenedSource[]; readonly close: () => Promise<void> };

/** The sources that `named` stands for, each once: all of the config where none is named. */
export function sourceNames(config: Config | undefined, named: readonly string[]): readonly string[] {
  return named.length > 0 ? [...new Set(named)] : [...(config?.sources.keys() ?? [])];
}

/**
 * Opens the sources named on the command line (names from the config, or URIs), else all sources of the config, else the
 * repository or project of this CI job.
 *
 * @throws {UsageError} for a name that does not exist, or if there is no source.
 */
export async function openSources(
  io: CliIo,
  { config, ca }: Setup,
  named: readonly string[],
  options: ConnectionFlags,
): Promise<OpenedSources> {
  const targets = withPreset(sourceNames(config, named), options.preset);
  const opened: OpenedSource[] = [];
  const close = async () => {
    await Promise.all(opened.flatMap(({ connection }) => (connection === undefined ? [] : [connection.close()])));
  };
  try {
    for (const written of await recognised(io, targets, config, options, ca)) {
      if (typeof written !== 'string') {
        opened.push({ source: written, connection: undefined });
        continue;
      }
      const target = await meantTarget(io, written, config);
      const open = await rethrowUsage(() => openSource(io, target, config));
      opened.push(
        'text' in open ? { source: open.source, connection: undefined } : await connect(io, open, options, ca),
      );
    }
    if (targets.length === 0) opened.push(await connect(io, await rethrowUsage(() => ciJobSource(io)), options, ca));
    return { opened, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Databases about which nothing is said become the presets that they hold; one that cannot be looked into, a source that fails. */
async function recognised(
  io: CliIo,
  targets: readonly string[],
  config: Config | undefined,
  { timeoutMs, debug }: ConnectionFlags,
  ca: string | undefined,
): Promise<readonly (string | Source)[]> {
  const connection = {
    timeoutMs,
    ca,
    debug: debug ? (line: string) => io.stderr.write(sanitizeLines(`${line}\n`)) : undefined,
  };
  const all: (string | Source)[] = [];
  for (const target of targets) {
    if (config?.sources.has(target) === true || engineOf(target) === undefined) {
      all.push(target);
      continue;
    }
    try {
      const { recogniseDatabase } = await import('./recognise-database.js');
      all.push(...(await recogniseDatabase(io, target, connection)));
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      all.push(failing(target, error));
    }
  }
  return all;
}

function failing(name: string, error: SourceError): Source {
  return {
    name,
    kind: 'sql',
    address: undefined,
    // eslint-disable-next-line require-yield
    list: async function* () {
      throw error;
    },
    get: async () => {
      throw error;
    },
  };
}

/** What was evidently meant by a text that is neither a name nor a URI; says so on stderr. */
async function meantTarget(io: CliIo, text: string, config: Config | undefined): Promise<string> {
  const meant = config?.sources.has(text) === true ? undefined : meantUri(text);
  if (meant === undefined) return text;
  io.stderr.write(sanitizeLines(`tardy: ${text} is read as ${meant}.\n`));
  return meant;
}

type Opening = {
  readonly source: Source;
  readonly credentials: Readonly<Record<string, string>>;
  /** Where the credentials were taken from, in words. */
  readonly credentialFrom?: string | undefined;
  /** The token, for a kind that sends it in its own way. */
  readonly secrets?: readonly string[];
  readonly signer?: RequestSigner | undefined;
  /** How to reach a cluster according to a kubeconfig. */
  readonly access?: ClusterAccess;
  /** See `ConnectionOptions`. */
  readonly confinedTo?: string | undefined;
};
type Stored = { readonly source: Source; readonly text: string };

async function openSource(io: CliIo, target: string, config: Config | undefined): Promise<Opening | Stored> {
  const configured = config?.sources.get(target);
  if (config === undefined || configured === undefined) {
    if (/^[\w.-]+$/.test(target) && target !== '-') throw unknownName(target, config);
    return openUri(io, target, target, parseSourceUri(target));
  }
  if (typeof configured === 'string') return openUri(io, target, configured, parseSourceUri(configured), config);
  return openConfigured(io, target, configured, config);
}

async function openUri(
  io: CliIo,
  name: string,
  text: string,
  uri: SourceUri,
  config?: Config,
): Promise<Opening | Stored> {
  switch (uri.kind) {
    case 'stdin':
      if (io.stdinIsTty) io.stderr.write('tardy: reading runs from the keyboard; Ctrl-D ends them.\n');
      return stored(name === '-' ? 'stdin' : name, 'stdin', await io.readStdin());
    case 'file': {
      const content = await io.readFile(resolve(config?.folder ?? io.cwd, uri.rest), config?.confinedTo);
      if (content === undefined) throw new UsageError(`The file ${uri.rest} does not exist.`);
      return stored(name, 'file', content);
    }
    default: {
      if (isContext(uri)) return openContext(io, name, uri);
      const place = config ?? { path: '', folder: io.cwd, confinedTo: undefined };
      const { url, password } =
        (await appDatabase(io, uri, place)) ??
        (await referencedUrl(io, uri.rest, { where: `The URL of ${name}`, url: undefined, config: place }));
      const open = await sourceKind(uri.kind).openUri(name, url, io.env);
      const { tokenVariables, tokenOf } = sourceKind(uri.kind);
      const variable = text === name ? firstSet(io.env, tokenVariables) : undefined;
      const ofOne = variable === undefined ? undefined : io.env[variable];
      const given = tokenOf === undefined || variable === undefined ? ofOne : tokenOf(io.env);
      const opened = opening(open, password ?? given, variable);
      return { ...opened, confinedTo: config?.confinedTo };
    }
  }
}

/** Whether what follows the kind is the name of a kubeconfig context rather than a URL. */
function isContext({ kind, rest }: SourceUri): boolean {
  return sourceKind(kind).kubeconfig !== undefined && !/^\w+:\/\//.test(rest);
}

async function openContext(io: CliIo, name: string, { kind, rest }: SourceUri): Promise<Opening> {
  const access = await clusterAccess(io, rest);
  const { url, namespace, token } = access;
  const cluster = sourceKind(kind);
  const more = { ...cluster.kubeconfig, ...(namespace === undefined ? {} : { namespace }) };
  return { ...opening(await cluster.open(name, { url, ...more }), token, 'the kubeconfig'), access };
}

async function openConfigured(
  io: CliIo,
  name: string,
  { kind, token, headers, config: own }: ConfiguredSource,
  config: Config,
): Promise<Opening> {
  const place = `sources.${name}`;
  if (config.confinedTo !== undefined && sourceKind(kind).holdsCode?.(own) === true) {
    throw new UsageError(
      `${place} contains SQL, which only a config named with --config may do.`,
      `To trust it: --config ${config.path}`,
    );
  }
  const given = own['url'];
  const resolved =
    typeof given === 'string'
      ? await referencedUrl(io, given, { where: `${place}.url`, url: undefined, config })
      : undefined;
  const open: OpenSource = await sourceKind(kind).open(
    name,
    resolved === undefined ? own : { ...own, url: resolved.url },
  );
  const use = (field: string): SecretUse => ({ where: `${place}.${field}`, url: open.source.address, config });
  const secret =
    token === undefined
      ? (resolved?.password ?? (await environmentToken(io, kind, use('token'))))
      : await readSecret(io, token, use('token'));
  const { credentials: ofToken, ...opened } = opening(open, secret, token);
  const credentials: Record<string, string> = { ...ofToken };
  for (const [header, reference] of Object.entries(headers)) {
    credentials[header.toLowerCase()] = await readSecret(io, reference, use(`headers.${header}`));
  }
  const [header] = Object.keys(headers);
  return {
    ...opened,
    confinedTo: config.confinedTo,
    credentials,
    credentialFrom: opened.credentialFrom ?? (header === undefined ? undefined : headers[header]),
  };
}

/** The token that variables make together, each of which must be allowed where it is sent. */
async function environmentToken(io: CliIo, kind: string, use: SecretUse): Promise<string | undefined> {
  const { tokenOf, tokenVariables } = sourceKind(kind);
  const token = tokenOf?.(io.env);
  if (token === undefined) return undefined;
  for (const variable of tokenVariables) {
    if ((io.env[variable] ?? '').trim() !== '') await readSecret(io, `\${env:${variable}}`, use);
  }
  return token;
}

/** `from` says where the token was taken from. A variable often ends with the line break of the file that it was read from. */
function opening(open: OpenSource, given: string | undefined, from: string | undefined): Opening {
  const token = given?.trim() ?? '';
  if (token === '') return { source: open.source, credentials: {} };
  const signer = open.signer(token);
  return {
    source: open.withToken(token),
    credentials: open.credentialHeaders(token),
    secrets: [token, ...(signer === undefined ? [] : token.split(':').slice(1))],
    signer,
    credentialFrom: from,
  };
}

/**
 * The source that this CI job belongs to.
 *
 * @throws {UsageError} outside a CI job that a kind of source recognises.
 */
async function ciJobSource(io: CliIo): Promise<Opening> {
  for (const kind of Object.values(SOURCE_KINDS)) {
    const job = kind.ciJob?.(io.env);
    if (job === undefined) continue;
    const { place, config, tokenVariable, headerVariables } = job;
    const token = tokenVariable === undefined ? undefined : io.env[tokenVariable];
    const opened = opening(await kind.open(`${kind.kind}:${place}`, config), token, tokenVariable);
    if (opened.credentialFrom !== undefined) return opened;
    const headers = Object.entries(headerVariables).flatMap(([header, variable]) => {
      const value = io.env[variable]?.trim() ?? '';
      return value === '' ? [] : [[header, value] as const];
    });
    const from = Object.values(headerVariables)[0];
    return {
      ...opened,
      credentials: Object.fromEntries(headers),
      credentialFrom: headers.length === 0 ? undefined : from,
    };
  }
  throw new UsageError(
    'There is no source to read.',
    'Name one (tardy check github:owner/repo, runs:https://host/api, file:runs.json) or write a tardy.config.yaml.',
  );
}

async function connect(
  io: CliIo,
  { source, credentials, secrets = [], signer, access, credentialFrom, confinedTo }: Opening,
  options: ConnectionFlags,
  ca: string | undefined,
): Promise<OpenedSource> {
  if (source.address === undefined) return { source, connection: undefined };
  const connection = await io.connect({
    baseUrl: source.address,
    credentials,
    secrets,
    signer,
    allowHosts: options.allowHosts,
    timeoutMs: options.timeoutMs,
    ca: [ca, access?.ca].filter((pem) => pem !== undefined).join('\n') || undefined,
    clientCertificate: access?.clientCertificate,
    confinedTo,
    debug: options.debug ? (line) => io.stderr.write(sanitizeLines(`${source.name}: ${line}\n`)) : undefined,
  });
  return { source, connection, credentialFrom: credentialFrom ?? usualCredential(io, source.address) };
}

/** Where a database gets a password that nobody gave: where its own client looks for one. */
function usualCredential({ env }: CliIo, address: string): string | undefined {
  if (engineOf(address) !== 'postgres') return undefined;
  return env['PGPASSWORD'] === undefined ? 'PGPASSFILE or ~/.pgpass, if it is there' : 'PGPASSWORD';
}

function stored(name: string, kind: 'file' | 'stdin', text: string): Stored {
  return { source: storedSource(name, kind, text), text };
}

function unknownName(name: string, config: Config | undefined): UsageError {
  if (config === undefined) {
    return new UsageError(
      `Unknown source "${name}": there is no config file.`,
      'Write a URI: github:owner/repo, runs:https://host/api, file:runs.json.',
    );
  }
  const names = [...config.sources.keys()];
  return new UsageError(
    `${config.path} has no source "${name}".`,
    names.length === 0 ? 'It has none.' : `It has ${names.join(', ')}.`,
  );
}

async function rethrowUsage<T>(open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof SourceConfigError) throw new UsageError(error.message);
    throw error;
  }
}
