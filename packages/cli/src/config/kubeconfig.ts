import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../errors.js';
import type { ClientCertificate, CliIo } from '../io.js';
import { parseYaml } from './parse-yaml.js';

/** How to reach a cluster, from a kubeconfig or from the pod that we run in. */
export type ClusterAccess = {
  readonly url: string;
  readonly namespace: string | undefined;
  readonly token: string | undefined;
  /** Certificates (PEM) to trust in addition to the built-in ones. */
  readonly ca: string | undefined;
  readonly clientCertificate: ClientCertificate | undefined;
};

/** Where a pod has the credentials of its service account. */
const POD_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

const FIX =
  'Use the URL of the API server instead (kubernetes:https://host:6443), with a token from `kubectl create token`.';

type Named = { readonly fields: Readonly<Record<string, unknown>>; readonly folder: string };

/**
 * The access to the cluster of a kubeconfig context, by default the current one. Without a kubeconfig, to the cluster of the pod that
 * we run in.
 *
 * Login programs named in a kubeconfig are not run: they could do anything.
 *
 * @throws {UsageError} that names what is missing, without any content of the file.
 */
export async function clusterAccess(io: CliIo, context: string): Promise<ClusterAccess> {
  const files = await readFiles(io);
  if (files.length === 0) {
    const pod = context === '' ? await podAccess(io) : undefined;
    if (pod !== undefined) return pod;
    throw new UsageError('There is no kubeconfig (KUBECONFIG, or .kube/config in your home folder).', FIX);
  }
  const wanted = context === '' ? files.map(({ fields }) => textIn(fields, 'current-context')).find(isSet) : context;
  if (wanted === undefined) throw new UsageError('The kubeconfig has no current context.', FIX);
  const place = find(files, 'contexts', 'context', wanted);
  const cluster = find(files, 'clusters', 'cluster', textIn(place.fields, 'cluster') ?? '');
  const userName = textIn(place.fields, 'user');
  const user = userName === undefined ? undefined : find(files, 'users', 'user', userName);
  const url = textIn(cluster.fields, 'server');
  if (url === undefined) throw new UsageError(`The cluster of the context ${wanted} has no server.`, FIX);
  if (cluster.fields['insecure-skip-tls-verify'] === true) {
    throw new UsageError(`The context ${wanted} does not verify TLS, which tardy always does.`, FIX);
  }
  return {
    url,
    namespace: textIn(place.fields, 'namespace'),
    ca: await pemIn(io, cluster, 'certificate-authority'),
    ...(user === undefined ? { token: undefined, clientCertificate: undefined } : await credentials(io, user, wanted)),
  };
}

async function credentials(
  io: CliIo,
  user: Named,
  context: string,
): Promise<Pick<ClusterAccess, 'token' | 'clientCertificate'>> {
  const file = textIn(user.fields, 'tokenFile');
  const fromFile = file === undefined ? undefined : await readOrThrow(io, resolve(user.folder, file));
  const token = fromFile?.trim() ?? textIn(user.fields, 'token');
  const certificate = await pemIn(io, user, 'client-certificate');
  const key = await pemIn(io, user, 'client-key');
  const clientCertificate = certificate === undefined || key === undefined ? undefined : { certificate, key };
  if (token !== undefined || clientCertificate !== undefined) return { token, clientCertificate };
  if ('exec' in user.fields || 'auth-provider' in user.fields) {
    throw new UsageError(`The context ${context} signs in with an external program, which tardy does not run.`, FIX);
  }
  return { token: undefined, clientCertificate: undefined };
}

async function readFiles(io: CliIo): Promise<readonly Named[]> {
  const { KUBECONFIG: named, HOME: home, USERPROFILE: profile } = io.env;
  const folder = home ?? profile;
  const fallback = folder === undefined ? [] : [join(folder, '.kube', 'config')];
  // As in kubectl, the first file that has a value wins.
  const separator = profile === undefined ? ':' : ';';
  const paths = isSet(named) ? named.split(separator).filter(isSet) : fallback;
  const files = await Promise.all(
    paths.map(async (path) => {
      const full = resolve(io.cwd, path);
      const text = await io.readFile(full);
      if (text === undefined) return [];
      const fields = await parseYaml(text, path);
      return isRecord(fields) ? [{ fields, folder: dirname(full) }] : [];
    }),
  );
  return files.flat();
}

async function podAccess(io: CliIo): Promise<ClusterAccess | undefined> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = io.env;
  if (!isSet(host)) return undefined;
  const [token, ca] = await Promise.all(['token', 'ca.crt'].map((file) => io.readFile(`${POD_FOLDER}/${file}`)));
  if (!isSet(token)) return undefined;
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    url: `https://${name}:${port}`,
    namespace: undefined,
    token: token.trim(),
    ca,
    clientCertificate: undefined,
  };
}

function find(files: readonly Named[], list: string, member: string, name: string): Named {
  for (const { fields, folder } of files) {
    const entries = fields[list];
    const entry = Array.isArray(entries) ? entries.filter(isRecord).find((one) => one['name'] === name) : undefined;
    const found = entry?.[member];
    if (isRecord(found)) return { fields: found, folder };
  }
  throw new UsageError(`The kubeconfig has no ${member} "${name}".`, FIX);
}

/** PEM text: base64 in `<name>-data`, or a file named by `<name>`. */
async function pemIn(io: CliIo, { fields, folder }: Named, name: string): Promise<string | undefined> {
  const data = textIn(fields, `${name}-data`);
  if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8');
  const file = textIn(fields, name);
  return file === undefined ? undefined : readOrThrow(io, resolve(folder, file));
}

async function readOrThrow(io: CliIo, path: string): Promise<string> {
  const text = await io.readFile(path);
  if (text === undefined) throw new UsageError(`The kubeconfig refers to the file ${path}, which does not exist.`);
  return text;
}

function textIn(fields: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
