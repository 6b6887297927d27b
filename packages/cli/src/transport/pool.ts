import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';
import type { buildConnector as Connector, Dispatcher } from 'undici';
import { SourceError } from '@tardy/core/sources';
import { UsageError } from '../errors.js';
import type { ClientCertificate } from '../io.js';
import { guardedLookup } from './guarded-hosts.js';

/** Connections shared by sources. undici is loaded with the first request. */
export type Pool = {
  /** The proxy for a URL and the variable that names it, for messages; `undefined` if it is reached directly. */
  readonly proxyFor: (url: URL) => string | undefined;
  readonly dispatcher: () => Promise<Dispatcher>;
  /** Closes all connections at once; pending requests fail. */
  readonly close: () => Promise<void>;
};

/** How connections are made. */
export type PoolOptions = {
  /** Concurrent connections to one host; further requests wait. Default 8. */
  readonly connectionsPerHost?: number;
  /** Certificates (PEM) to trust in addition to the built-in ones. */
  readonly ca?: string | undefined;
  /** Names that may lead to an address that is guarded otherwise. */
  readonly allowHosts?: readonly string[];
  /** A client certificate, shown to that origin only and not through a proxy. */
  readonly clientCertificate?: (ClientCertificate & { readonly origin: string }) | undefined;
  /** Largest head of a response, in bytes. Default 32 KiB. */
  readonly maxHeaderBytes?: number;
  /** Where to read `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY` (lower case first) and `NODE_EXTRA_CA_CERTS`. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
};

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Makes a pool; nothing is loaded or opened before it is used. TLS is always verified, whatever the environment says.
 *
 * @throws {UsageError} for a proxy setting or certificates that cannot be used.
 */
export function createPool(options: PoolOptions = {}): Pool {
  const env = options.env ?? process.env;
  const proxies = { http: proxyIn(env, 'http_proxy'), https: proxyIn(env, 'https_proxy') };
  let made: Promise<Dispatcher> | undefined;
  return {
    proxyFor: ({ protocol }) => {
      const { url, variable } = protocol === 'https:' ? proxies.https : proxies.http;
      return url === '' ? undefined : `${new URL(url).host} (${variable})`;
    },
    dispatcher: () => (made ??= makeDispatcher(options, proxies)),
    close: async () => {
      const dispatcher = await made;
      await dispatcher?.destroy();
    },
  };
}

async function makeDispatcher(options: PoolOptions, proxies: Proxies): Promise<Dispatcher> {
  // By its default export: in the bundle, a CommonJS package in its own chunk has no other.
  const {
    default: { Agent, EnvHttpProxyAgent, buildConnector },
  } = await import('undici');
  const env = options.env ?? process.env;
  const secured = {
    // Against NODE_TLS_REJECT_UNAUTHORIZED=0.
    rejectUnauthorized: true,
    lookup: guardedLookup(options.allowHosts ?? []),
    ...(options.ca === undefined ? {} : { secureContext: trustAlso(options.ca, env) }),
  };
  const agentOptions = {
    connections: options.connectionsPerHost ?? 8,
    maxHeaderSize: options.maxHeaderBytes ?? 32 * 1024,
    connect: connectorOf(buildConnector, secured, options, env),
  };
  // Empty, not undefined: undici would then read process.env instead of our `env`.
  if (proxies.http.url === '' && proxies.https.url === '') return new Agent(agentOptions);
  return new EnvHttpProxyAgent({
    ...agentOptions,
    httpProxy: proxies.http.url,
    httpsProxy: proxies.https.url,
    noProxy: env['no_proxy'] ?? env['NO_PROXY'] ?? '',
    requestTls: secured,
    proxyTls: secured,
  });
}

type Proxy = { readonly url: string; readonly variable: string };
type Proxies = { readonly http: Proxy; readonly https: Proxy };

/** The URL of a proxy, or empty; lower case first. Only its host is ever shown: it may contain a password. */
function proxyIn(env: Readonly<Record<string, string | undefined>>, name: string): Proxy {
  const upper = name.toUpperCase();
  const used = env[name] === undefined ? upper : name;
  const text = env[used]?.trim() ?? '';
  if (text === '') return { url: '', variable: used };
  // As curl does: a host without a scheme is an HTTP proxy.
  const url = /^\w[\w+.-]*:\/\//.test(text) ? text : `http://${text}`;
  const protocol = URL.canParse(url) ? new URL(url).protocol : undefined;
  if (protocol === 'http:' || protocol === 'https:') return { url, variable: used };
  throw new UsageError(`${used} is not the URL of an HTTP proxy.`, 'Write it as http://host:port.');
}

/** Presents our certificate to its own origin only. */
function connectorOf(
  build: typeof Connector,
  secured: Connector.BuildOptions,
  { ca, clientCertificate }: PoolOptions,
  env: Readonly<Record<string, string | undefined>>,
): Connector.connector {
  const plain = build({ ...secured, timeout: CONNECT_TIMEOUT_MS });
  if (clientCertificate === undefined) return plain;
  const { origin, certificate, key } = clientCertificate;
  const secureContext = trustAlso(ca, env, { cert: certificate, key });
  const known = build({ ...secured, secureContext, timeout: CONNECT_TIMEOUT_MS });
  return (target, callback) => {
    const port = target.port === '' ? '' : `:${target.port}`;
    const own = new URL(`${target.protocol}//${target.hostname}${port}`).origin === origin;
    return own ? known(target, callback) : plain(target, callback);
  };
}

/** One context for all connections: reading some 150 certificates for each takes longer than the handshake. */
function trustAlso(
  ca: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  own: tls.SecureContextOptions = {},
): tls.SecureContext {
  // A `ca` replaces the built-in ones and those of NODE_EXTRA_CA_CERTS, so all are listed here.
  const extraPath = env['NODE_EXTRA_CA_CERTS'];
  const extra = extraPath === undefined || extraPath === '' ? [] : [readIfThere(extraPath)];
  const added = ca === undefined ? [] : [ca];
  try {
    return tls.createSecureContext({ ...own, ca: [...tls.rootCertificates, ...extra, ...added] });
  } catch {
    throw new SourceError('refused', 'The certificates (--ca, NODE_EXTRA_CA_CERTS or the kubeconfig) cannot be read.');
  }
}

/** Node warns about a missing file and continues; so do we, without a second warning. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
