/** An answer of the scripted API. `$now` in a body is the instant of the request, by the test's clock. */
export type ScriptedAnswer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly text?: string;
  readonly delayMs?: number;
  readonly events?: string;
};

/** One request that the scripted API got. */
export type SeenRequest = { readonly path: string; readonly query: string; readonly ifNoneMatch: string | null };

/** A run API that answers what a test says, over real HTTP (`scripts/scripted-api.mjs`). */
export class ScriptedApi {
  readonly src = `/scripted/${crypto.randomUUID()}`;

  /** Sets the answers to each path, in order; the last repeats. A path without answers is a 404. */
  async script(answers: Readonly<Record<string, readonly ScriptedAnswer[]>>): Promise<this> {
    await fetch(this.src, { method: 'POST', body: JSON.stringify(answers) });
    return this;
  }

  /** Answers every list with these rows. */
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

  /** How many lists were asked for. */
  async polls(): Promise<number> {
    return (await this.log()).filter(({ path }) => path === '/runs').length;
  }
}

/** A page of runs. */
export function page(...runs: readonly unknown[]): ScriptedAnswer {
  return { body: { runs, now: '$now' } };
}
