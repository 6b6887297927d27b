/** A response of the scripted API. `$now` in a body is the instant of the request, by the test's clock. */
export type ScriptedResponse = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly text?: string;
  readonly delayMs?: number;
  readonly events?: string;
};

/** One request that the scripted API received. */
export type SeenRequest = { readonly path: string; readonly query: string; readonly ifNoneMatch: string | null };

/** A run API that sends the responses of a test, over real HTTP (`scripts/scripted-api.mjs`). */
export class ScriptedApi {
  readonly src = `/scripted/${crypto.randomUUID()}`;

  /** Sets the responses to each path, in order; the last repeats. A path without responses is a 404. */
  async script(answers: Readonly<Record<string, readonly ScriptedResponse[]>>): Promise<this> {
    await fetch(this.src, { method: 'POST', body: JSON.stringify(answers) });
    return this;
  }

  /** Responds to every list with these rows. */
  runs(...rows: readonly unknown[]): Promise<this> {
    return this.script({ '/runs': [page(...rows)] });
  }

  async push(text: string): Promise<void> {
    await fetch(`${this.src}/push`, { method: 'POST', body: text });
  }

  async drop(): Promise<void> {
    await fetch(`${this.src}/drop`, { method: 'POST' });
  }

  async log(): Promise<readonly SeenRequest[]> {
    const seen = (await (await fetch(`${this.src}/log`)).json()) as SeenRequest[];
    return seen;
  }

  /** How many lists were requested. */
  async polls(): Promise<number> {
    return (await this.log()).filter(({ path }) => path === '/runs').length;
  }
}

/** A page of runs. */
export function page(...runs: readonly unknown[]): ScriptedResponse {
  return { body: { runs, now: '$now' } };
}
