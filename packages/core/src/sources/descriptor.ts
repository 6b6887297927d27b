import type * as z from 'zod';
import type { Instant } from '../run.js';
import { configIssues } from './config-issues.js';
import { SourceConfigError, type Source, type SourcePage } from './source.js';

/** Turns the config of one kind of source into a `Source`. Loaded only when the kind is used. */
export type SourceAdapter<Config> = {
  /** `token` is for a kind that exchanges it for a session by a request of its own; others ignore it. */
  readonly create: (name: string, config: Config, token?: string) => Source;
  /** The headers that carry a token to this kind of source. */
  readonly credentialHeaders: (token: string, config: Config) => Readonly<Record<string, string>>;
  /** Signs each request with the token, for a kind that wants that instead of a header of its own. */
  readonly signer?: (token: string, config: Config) => RequestSigner;
  /**
   * The config that a URI stands for, from what follows `kind:`, and from the environment where a URI may leave out the server. Absent
   * for a kind that a URI cannot describe.
   *
   * @throws {SourceConfigError} that says how to write it.
   */
  readonly configFromUri?: (rest: string, environment?: Environment) => Config;
};

/** A source ready to be read, and how a token is sent to it. */
export type OpenSource = {
  readonly source: Source;
  /** The same source with a token to exchange for a session. */
  readonly withToken: (token: string) => Source;
  readonly credentialHeaders: (token: string) => Readonly<Record<string, string>>;
  readonly signer: (token: string) => RequestSigner | undefined;
};

/** The headers that sign a request, for those that are sent with it. `now` is the local clock: signatures hold for some minutes. */
export type RequestSigner = (request: SignedRequest, now: Instant) => Promise<Readonly<Record<string, string>>>;

/** A request as it is sent. */
export type SignedRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
};

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The source that a CI job belongs to, as the environment of the job describes it. */
export type CiJob = {
  /** What people call the place: `owner/repo`, `group/project`. */
  readonly place: string;
  /** The config of the source. */
  readonly config: Readonly<Record<string, string>>;
  /** The environment variable that holds the token, if one is set. */
  readonly tokenVariable: string | undefined;
  /** Headers to send when no token is set, each with the environment variable that holds its value. */
  readonly headerVariables: Readonly<Record<string, string>>;
};

/** What the API of a system gives a verdict to go by. Each is a short phrase for the table of sources, or `false`. */
export type SourceCapabilities = {
  /** Whether the system reports that a run's worker is alive. */
  readonly heartbeat: string | false;
  readonly progress: string | false;
  /** What the server filters, so that a check need not read every run. */
  readonly serverFilter: string | false;
  /** What Tardy looks at besides the run itself before it reports a run as stuck. */
  readonly looksBehind: string | false;
  /** What the live test ran against; `false` if the adapter never met the real system. */
  readonly provedLive: string | false;
};

/** Where a git remote leads: the host in lower case, and the path on it without `.git`. */
export type GitRemote = { readonly host: string; readonly path: string };

/** By what a system can be recognised in the files around a project. */
export type SourceTraces = {
  /** The config for the repository that a git remote leads to; `undefined` for one of another system. */
  readonly gitRemote?: (remote: GitRemote) => Readonly<Record<string, string>> | undefined;
  /** The image of its server in a compose file, without registry and tag, and the port that it listens on there. */
  readonly image?: { readonly name: RegExp; readonly port: number };
};

/** Reads one row of a table: a run in its wire form; `undefined` for a row that is none. */
export type TableReader = (fields: readonly string[]) => Readonly<Record<string, unknown>> | undefined;

/** Files in which people keep the history of a system, as its own tools write them. */
export type HistoryFiles = {
  /** The reader of a table with this header; `undefined` for a table of something else. */
  readonly table?: (header: readonly string[]) => TableReader | undefined;
  /** The runs in a JSON value, which may be a document or a line; `undefined` for something else. `name` is their source. */
  readonly document?: (value: unknown, name: string) => Pick<SourcePage, 'runs' | 'issues'> | undefined;
};

/** Tables, each with columns that it must have, and on which databases they are. */
export type PresetTables = {
  readonly engines: readonly string[];
  readonly schema?: string | undefined;
  readonly tables: Readonly<Record<string, readonly string[]>>;
};

/** The database of an app. The path of a file starts at the folder of the app. */
export type AppDatabase = { readonly url: string; readonly password: string | undefined };

/** Everything that the rest of Tardy needs to know about one kind of source. */
export type SourceDescriptor<Config> = {
  /** The name in configs and URIs. */
  readonly kind: string;
  /** The name in messages. */
  readonly title: string;
  /** Who speaks where a verdict quotes the source ("GitHub says"); absent for a kind that speaks for its host, by its own name. */
  readonly system?: string;
  /** How to write its URI; for a kind that needs a config, how that begins. */
  readonly example: string;
  /** Other ways to write its URI. */
  readonly moreExamples?: readonly string[];
  /** Schemes of URLs that are URIs of this kind as they are: `postgres://…`. */
  readonly schemes?: readonly string[];
  /** Whether a config of this kind contains code that runs elsewhere, such as SQL: one that was found rather than named may not. */
  readonly holdsCode?: (config: Readonly<Record<string, unknown>>) => boolean;
  /** Set for a kind that knows the tables of one system: the schemes of the databases that it reads. */
  readonly presetOf?: readonly string[];
  /** The environment variables that may hold its token, first come first served. Used only for a URI on the command line. */
  readonly tokenVariables: readonly string[];
  /** The token that several of those variables make together; without it, one of them is the token. */
  readonly tokenOf?: (environment: Environment) => string | undefined;
  /** What a credential must be allowed to do, in the words of the system: for the message of a 401, 403 or 404. */
  readonly rights?: string;
  /** The URI of the page that a person copied from a browser; `undefined` for a page of another system. */
  readonly uriOfPage?: (page: URL) => string | undefined;
  /** The base URL that the environment ties each secret variable to: a secret goes there and nowhere else unasked. */
  readonly secretUrls?: (environment: Environment) => Readonly<Record<string, string>>;
  /** The source that this CI job belongs to; `undefined` outside this system's CI. */
  readonly ciJob?: (environment: Environment) => CiJob | undefined;
  /** Set for a system that a kubeconfig context leads to: what its config says besides URL and namespace. */
  readonly kubeconfig?: Readonly<Record<string, string>>;
  /** The tables that a preset needs, by which a database is recognised. */
  readonly presetTables?: () => Promise<PresetTables>;
  /** The file in the folder of an app that names its database, for a URI such as `laravel:.`. */
  readonly appFile?: { readonly name: string; readonly read: (text: string) => Promise<AppDatabase> };
  /** How the system is recognised nearby; absent for one that leaves no traces. */
  readonly traces?: SourceTraces;
  readonly capabilities: SourceCapabilities;
  /** How files of its history are read; absent where its own tools write none. */
  readonly historyFiles?: () => Promise<HistoryFiles>;
  readonly adapter: () => Promise<SourceAdapter<Config>>;
  /** The zod schema of its config, strict. */
  readonly schema: () => Promise<z.ZodType<Config>>;
};

/** A kind of source that can be configured: a descriptor whose config type is checked inside. */
export type SourceKind = Omit<SourceDescriptor<never>, 'adapter' | 'schema'> & {
  /** The zod schema of its config, strict. */
  readonly schema: () => Promise<z.ZodType>;
  /** Checks a config and makes the source; throws a `SourceConfigError`. */
  readonly open: (name: string, config: unknown) => Promise<OpenSource>;
  /** Makes the source from what follows `kind:` in a URI, without loading zod; throws a `SourceConfigError`. */
  readonly openUri: (name: string, rest: string, environment?: Environment) => Promise<OpenSource>;
};

/** Makes a kind of source from its descriptor. */
export function defineSource<Config>({ adapter, schema, ...descriptor }: SourceDescriptor<Config>): SourceKind {
  const { title, example } = descriptor;
  function opened(made: SourceAdapter<Config>, name: string, config: Config): OpenSource {
    return {
      source: made.create(name, config),
      withToken: (token) => made.create(name, config, token),
      credentialHeaders: (token) => made.credentialHeaders(token, config),
      signer: (token) => made.signer?.(token, config),
    };
  }
  return {
    ...descriptor,
    schema,
    open: async (name, config) => {
      const checked = (await schema()).safeParse(config);
      if (!checked.success) throw configError(name, checked.error.issues);
      return opened(await adapter(), name, checked.data);
    },
    openUri: async (name, rest, environment = {}) => {
      const made = await adapter();
      if (made.configFromUri === undefined) {
        throw new SourceConfigError(`A ${title} needs a config file; a URI cannot describe it: ${example}.`);
      }
      return opened(made, name, made.configFromUri(rest, environment));
    },
  };
}

/** Ties the variables to a base URL, if there is one: for `secretUrls`. */
export function tiedTo(url: string | undefined, variables: readonly string[]): Readonly<Record<string, string>> {
  return url === undefined || url === '' ? {} : Object.fromEntries(variables.map((variable) => [variable, url]));
}

/** The first of the variables that is set and not empty. */
export function firstSet(environment: Environment, variables: readonly string[]): string | undefined {
  return variables.find((variable) => (environment[variable] ?? '').trim() !== '');
}

/** Names each place; never the value there, which may be a secret in the wrong field. */
function configError(name: string, issues: readonly z.core.$ZodIssue[]): SourceConfigError {
  const lines = configIssues(issues, 'config').map(({ path, message }) => `  ${path}: ${message}`);
  return new SourceConfigError(`The source ${name} is misconfigured:\n${lines.join('\n')}`);
}
