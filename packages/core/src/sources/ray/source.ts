import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { baseUrl } from '../reading/base-url.js';
import { encoded, isObject, isText, objectBody, withoutQuery, withSlash, type JsonObject } from '../reading/body.js';
import { endedLimit } from '../reading/ended-limit.js';
import { readOneRow, readRows } from '../reading/read-rows.js';
import { nameFor, wordIn } from '../reading/vocabulary.js';
import { SourceError, type Source, type SourceFetch, type SourcePage, type SourceQuery } from '../source.js';
import { RAY_API, readCluster, type Cluster } from './cluster.js';
import { lookAt } from './look.js';
import { RAY_STATUSES, rayId, rayRunToWire } from './run.js';
import { strictSource } from '../reading/strict-source.js';
import { RAY_SHAPES } from './shapes.js';

/** The URL of the dashboard of a cluster. */
export type RayConfig = { readonly url: string };

/** Ray Jobs, for the registry of kinds. */
export const rayAdapter: SourceAdapter<RayConfig> = {
  create: raySource,
  credentialHeaders: (token) => ({ authorization: `Bearer ${token}` }),
  configFromUri: (rest) => ({ url: baseUrl(rest, 'ray:http://host.example:8265') }),
};

/** Reads jobs from the dashboard of a Ray cluster. Ray tells no heartbeat of a job. */
export function raySource(name: string, { url }: RayConfig): Source {
  const address = withSlash(url);

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    // An empty list of jobs means something only from a Ray.
    const version = objectBody(await fetch({ url: `${address}api/version` }), RAY_API);
    if (!isText(version['ray_version']))
      throw new SourceError('shape', `${address}api/version names no version. Is this the URL of ${RAY_API}?`);
    const response = await fetch({ url: `${address}api/jobs/` });
    if (!Array.isArray(response.body)) {
      throw new SourceError(
        'shape',
        `${withoutQuery(response.url)} sent no list of jobs. Is this the URL of ${RAY_API}?`,
      );
    }
    const rows = newestFirst(response.body as readonly unknown[]);
    const active = rows.filter((row) => !hasEnded(row));
    const limit = query.activity === 'active' ? 0 : endedLimit(query);
    const ended = rows.filter(hasEnded).slice(0, limit);
    const page = readRows([...active, ...ended], name, rayRunToWire);
    const { cluster, incomplete } = active.length === 0 ? NOTHING : await clusterFor(address, fetch);
    const byId = new Map(active.flatMap((row) => (isObject(row) ? [[rayId(row), row] as const] : [])));
    const runs = page.runs.map((run) => looked(run, byId.get(run.id), cluster));
    yield { runs, issues: page.issues, incomplete };
  }

  async function one(id: string, fetch: SourceFetch): Promise<JsonObject | undefined> {
    const response = await fetch({ url: `${address}api/jobs/${encoded(id)}`, accept: [404] });
    return response.status === 404 ? undefined : objectBody(response, RAY_API);
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const row = await one(id, fetch);
    if (row === undefined) return undefined;
    const run = readOneRow(row, id, name, rayRunToWire);
    return hasEnded(row) ? run : looked(run, row, await readCluster(address, fetch));
  }

  async function inspect(run: Run, fetch: SourceFetch): Promise<Run> {
    const cluster = await readCluster(address, fetch);
    const row = cluster === undefined ? undefined : await one(run.id, fetch);
    if (row !== undefined && rayId(row) !== run.id) {
      throw new SourceError('shape', `${RAY_API} was asked for the job ${nameFor(run.id)} and sent another.`);
    }
    return looked(run, row, cluster);
  }

  return strictSource({ name, kind: 'ray', address, list, get, inspect }, RAY_API, RAY_SHAPES);
}

type Seen = { readonly cluster: Cluster | undefined; readonly incomplete: string | undefined };

const NOTHING: Seen = { cluster: undefined, incomplete: undefined };

/** What is known of jobs is not lost because the state of the cluster is not. */
async function clusterFor(address: string, fetch: SourceFetch): Promise<Seen> {
  try {
    return { cluster: await readCluster(address, fetch), incomplete: undefined };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const incomplete = `What the jobs do inside could not be read (${error.code}): ${error.message}`;
    return { cluster: undefined, incomplete };
  }
}

function looked(run: Run, row: JsonObject | undefined, cluster: Cluster | undefined): Run {
  return row === undefined || cluster === undefined ? run : lookAt(run, row, cluster);
}

function hasEnded(row: unknown): boolean {
  return isObject(row) && wordIn(RAY_STATUSES, row['status'])?.status === 'completed';
}

/** Ray lists jobs in no order. */
function newestFirst(rows: readonly unknown[]): readonly unknown[] {
  const startOf = (row: unknown) => (isObject(row) && typeof row['start_time'] === 'number' ? row['start_time'] : 0);
  return [...rows].sort((a, b) => startOf(b) - startOf(a));
}
