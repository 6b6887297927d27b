import { dirname, join } from 'node:path';
import { SOURCE_KINDS, type SourceKind } from '@tardy/core/sources';
import { clusterAccess } from '../config/kubeconfig.js';
import { parseYaml } from '../config/parse-yaml.js';
import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';
import { remotesIn } from './git-remote.js';
import { servicesIn } from './compose-services.js';

/** A source that may be meant, and what speaks for it. */
export type FoundSource = {
  readonly name: string;
  readonly kind: string;
  readonly title: string;
  /** The fields of its config, or its URI where it has no fields. */
  readonly config: Readonly<Record<string, string>> | string;
  readonly why: string;
  /** The variable that holds its token, and whether it is set. */
  readonly token: { readonly name: string; readonly isSet: boolean } | undefined;
  /** Whether it is meant unless a person says otherwise. */
  readonly sure: boolean;
};

const COMPOSE_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

/** Looks for sources: in the job that we run in, git remotes, variables, compose files and the kubeconfig. Sends no request. */
export async function lookAround(io: CliIo): Promise<readonly FoundSource[]> {
  const kinds = Object.values(SOURCE_KINDS);
  const found = [
    ...inJob(io, kinds),
    ...(await inRemotes(io, kinds)),
    ...(await inVariables(io, kinds)),
    ...(await inCompose(io, kinds)),
    ...(await inKubeconfig(io, kinds)),
  ];
  const places = new Set<string>();
  const names = new Set<string>();
  return found.flatMap((one) => {
    const place = JSON.stringify([one.kind, one.config]);
    if (places.has(place)) return [];
    places.add(place);
    let name = one.name;
    for (let number = 2; names.has(name); number++) name = `${one.name}-${number}`;
    names.add(name);
    return [{ ...one, name }];
  });
}

function inJob({ env }: CliIo, kinds: readonly SourceKind[]): FoundSource[] {
  return kinds.flatMap((kind) => {
    const job = kind.ciJob?.(env);
    if (job === undefined) return [];
    const token = job.tokenVariable === undefined ? tokenOf(kind, env) : { name: job.tokenVariable, isSet: true };
    return [{ ...found(kind, env, job.config, `the job runs in ${job.place}`, true), token }];
  });
}

async function inRemotes(io: CliIo, kinds: readonly SourceKind[]): Promise<FoundSource[]> {
  const remotes = remotesIn((await nearest(io, join('.git', 'config'))) ?? '');
  return remotes.flatMap((remote) =>
    kinds.flatMap((kind) => {
      const config = kind.traces?.gitRemote?.(remote);
      return config === undefined
        ? []
        : [found(kind, io.env, config, `a git remote leads to ${remote.host}/${remote.path}`, true)];
    }),
  );
}

/** A variable that says where a system is, for a kind that needs no more than that. */
async function inVariables({ env }: CliIo, kinds: readonly SourceKind[]): Promise<FoundSource[]> {
  const all: FoundSource[] = [];
  for (const kind of kinds) {
    const [url] = Object.values(kind.secretUrls?.(env) ?? {});
    const variable = Object.entries(env).find(([, value]) => value === url)?.[0];
    if (url === undefined || variable === undefined) continue;
    const works = await kind.open(kind.kind, { url }).then(
      () => true,
      () => false,
    );
    if (works) all.push(found(kind, env, { url }, `${variable} is set`, true));
  }
  return all;
}

async function inCompose(io: CliIo, kinds: readonly SourceKind[]): Promise<FoundSource[]> {
  for (const name of COMPOSE_FILES) {
    const path = join(io.cwd, name);
    const text = await io.readFile(path);
    if (text === undefined) continue;
    const document = await parseYaml(text, path).catch(() => undefined);
    return servicesIn(document, kinds).map(({ kind, service, url }) =>
      found(kind, io.env, { url }, `${name} runs it as ${service}`, true),
    );
  }
  return [];
}

/** A cluster may hold many kinds of work, and may be another project's: it is offered and not assumed. */
async function inKubeconfig(io: CliIo, kinds: readonly SourceKind[]): Promise<FoundSource[]> {
  try {
    await clusterAccess(io, '');
  } catch (error) {
    if (error instanceof UsageError) return [];
    throw error;
  }
  return kinds.flatMap((kind) =>
    kind.kubeconfig === undefined
      ? []
      : [{ ...found(kind, io.env, `${kind.kind}:`, 'the kubeconfig has a current context', false), token: undefined }],
  );
}

function found(
  kind: SourceKind,
  env: CliIo['env'],
  config: FoundSource['config'],
  why: string,
  sure: boolean,
): FoundSource {
  return { name: kind.kind, kind: kind.kind, title: kind.title, config, why, token: tokenOf(kind, env), sure };
}

function tokenOf({ tokenVariables }: SourceKind, env: CliIo['env']): FoundSource['token'] {
  const set = tokenVariables.find((name) => (env[name] ?? '') !== '');
  const [first] = tokenVariables;
  if (set !== undefined) return { name: set, isSet: true };
  return first === undefined ? undefined : { name: first, isSet: false };
}

/** The file with that path in this folder or the closest one above. */
async function nearest(io: CliIo, path: string): Promise<string | undefined> {
  for (let folder = io.cwd; ; folder = dirname(folder)) {
    const text = await io.readFile(join(folder, path));
    if (text !== undefined || dirname(folder) === folder) return text;
  }
}
