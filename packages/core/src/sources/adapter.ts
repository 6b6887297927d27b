import type { Source } from './source.js';

/** One kind of source: what turns a config of its own type into a `Source`. Loaded only when the kind is used. */
export type SourceAdapter<Config> = {
  /** `token` is for a kind that has to exchange it for a session by a request of its own; others leave it to the headers. */
  readonly create: (name: string, config: Config, token?: string) => Source;
  /** The headers that carry a token to this kind of source. */
  readonly credentialHeaders: (token: string, config: Config) => Readonly<Record<string, string>>;
  /**
   * The config that a URI stands for, from what follows `kind:`. Absent for a kind that a URI cannot describe.
   *
   * @throws {SourceConfigError} saying how it is written.
   */
  readonly configFromUri?: (rest: string) => Config;
};
