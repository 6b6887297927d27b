import type { Status } from '../../live/status.js';

/** What is known about the server. `lost`: it does not respond; `since` is when it last did. */
export type News =
  { readonly kind: 'status'; readonly status: Status } | { readonly kind: 'lost'; readonly since: Date | undefined };

const EVERY_MS = 5000;

/** Reads the status now, every few seconds, and at the instant when a verdict changes. Reloads the page after an upgrade. */
export function watchStatus(hear: (news: News) => void): void {
  let known: { readonly tag: string; readonly status: Status } | undefined;
  let heardAt: Date | undefined;

  async function read(): Promise<number> {
    try {
      const headers: HeadersInit = known === undefined ? {} : { 'If-None-Match': known.tag };
      const response = await fetch('/status', { headers, cache: 'no-store', signal: AbortSignal.timeout(10_000) });
      if (response.status === 401) location.reload();
      if (!response.ok && response.status !== 304) throw new Error(`HTTP ${response.status}`);
      heardAt = new Date();
      if (response.status === 304) {
        if (known !== undefined) hear({ kind: 'status', status: known.status });
        return EVERY_MS;
      }
      const status = (await response.json()) as Status;
      // The elements read the policy once, and their code is that of the version which the page was loaded from.
      const changed = known !== undefined && keyOf(known.status) !== keyOf(status);
      known = { tag: response.headers.get('ETag') ?? '', status };
      if (changed) location.reload();
      hear({ kind: 'status', status });
      const flipMs =
        status.next_change_at === null ? Infinity : Date.parse(status.next_change_at) - Date.parse(status.now);
      return Math.min(EVERY_MS, Math.max(flipMs + 20, 250));
    } catch {
      hear({ kind: 'lost', since: heardAt });
      return EVERY_MS;
    }
  }

  async function next(): Promise<void> {
    const wait = await read();
    setTimeout(() => void next(), wait);
  }
  void next();
}

function keyOf({ version, policy }: Status): string {
  return `${version} ${policy.digest}`;
}
