import { setTimeout as wait } from 'node:timers/promises';
import { engineOf, isFile, SourceError, type SourceFetch, type SourceRequest } from '@tardy/core/sources';
import { UsageError } from '../errors.js';
import type { Connection, ConnectionOptions } from '../io.js';
import { createScrubber } from '../scrub.js';
import { estimateOffset, gapBetween, narrowBounds, type OffsetBounds } from '../transport/clock-estimate.js';
import { RequestGuard } from '../transport/request-guard.js';
import { backoffMs, MAX_TRIES } from '../transport/retry-timing.js';
import type { Database, DatabaseFailure, DatabaseRow, Driver } from './database.js';
import { DRIVERS } from './drivers.js';
import { readBody, showAddress } from './request.js';

/** Requests that share a deadline and a limit. */
type Session = { readonly remainingMs: () => number; readonly guard: RequestGuard; clockRead: boolean };

/** Requests of one listing, as for other sources. */
const MOST_REQUESTS = 10_000;

/**
 * Connects to a database; nothing is opened before the first request.
 *
 * @throws {UsageError} if the driver of the database is not installed.
 */
export async function connectDatabase(
  options: ConnectionOptions,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Connection> {
  const engine = engineOf(options.baseUrl);
  if (engine === undefined) throw new UsageError('This is not the URL of a database.');
  return databaseConnection(await DRIVERS[engine](), options, environment, isFile(engine));
}

/** The connection to a database by its driver. */
export function databaseConnection(
  driver: Driver,
  options: ConnectionOptions,
  environment: Readonly<Record<string, string | undefined>>,
  ofFile: boolean,
): Connection {
  const { baseUrl, timeoutMs, credentials, debug } = options;
  const where = showAddress(baseUrl, ofFile);
  const secrets = [...Object.values(credentials), ...(options.secrets ?? [])];
  const scrub = createScrubber(secrets);
  let opened: Promise<Database> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let bounds: OffsetBounds | undefined;
  let jumpMs = 0;
  let closed = false;

  const open = (remainingMs: number): Promise<Database> =>
    (opened ??= driver.open({
      url: baseUrl,
      password: credentials['password'],
      environment,
      timeoutMs: remainingMs,
      ca: options.ca,
      confinedTo: options.confinedTo,
    }));

  const reopen = async (): Promise<void> => {
    const old = opened;
    opened = undefined;
    await old?.then((database) => database.close()).catch(() => {});
  };

  /** The clock of the server lies between these two moments of ours. */
  const readClock = async (database: Database, session: Session): Promise<void> => {
    if (session.clockRead || database.clock === undefined) return;
    const sentAt = Date.now();
    const now = await database.clock(session.remainingMs());
    const sample = { lowMs: now - Date.now(), highMs: now - sentAt };
    jumpMs = Math.max(jumpMs, bounds === undefined ? 0 : gapBetween(bounds, sample));
    bounds = narrowBounds(bounds, sample);
    session.clockRead = true;
  };

  const ask = async (request: SourceRequest, session: Session): Promise<readonly DatabaseRow[] | DatabaseFailure> => {
    const { sql, values } = readBody(request);
    const startedAt = performance.now();
    try {
      const database = await open(session.remainingMs());
      await readClock(database, session);
      const rows = await database.query(sql, values, session.remainingMs());
      const ms = Math.round(performance.now() - startedAt);
      debug?.(scrub(`${where}: ${rows.length} rows, ${ms} ms: ${sql.replaceAll(/\s+/g, ' ').slice(0, 120)}`));
      return rows;
    } catch (error) {
      if (error instanceof SourceError || error instanceof UsageError) throw error;
      const failure = driver.failure(error, where);
      if (failure === undefined) throw error;
      debug?.(scrub(`${where}: ${failure.error.message}`));
      // A connection may be in any state after a failure.
      if (failure.noSuchValue !== true) await reopen();
      return failure;
    }
  };

  const send = async (request: SourceRequest, session: Session): ReturnType<SourceFetch> => {
    session.guard.admit(request, new URL(request.url));
    for (let tried = 1; ; tried++) {
      if (closed) throw new SourceError('network', `${where} was closed.`);
      if (session.remainingMs() <= 0) {
        throw new SourceError('timeout', `${where} took longer than ${timeoutMs / 1000} s. Raise --timeout.`);
      }
      const result = await ask(request, session);
      if (!('error' in result)) return response(200, { rows: result }, request.url);
      const failure = result;
      if (failure.noSuchValue === true && request.accept?.includes(404) === true) return response(404, {}, request.url);
      const waitMs = backoffMs(tried, Math.random());
      if (failure.retry !== true || tried === MAX_TRIES || waitMs >= session.remainingMs()) throw failure.error;
      await wait(waitMs);
    }
  };

  const fetchIn =
    (session: Session): SourceFetch =>
    (request) => {
      // One connection sends one statement at a time.
      const sent = last.then(() => send(request, session));
      last = sent.catch(() => {});
      return sent.catch((error: unknown) => {
        throw error instanceof SourceError ? new SourceError(error.code, scrub(error.message)) : error;
      });
    };

  const createSession = (refuseRepeats: boolean): Session => {
    let deadline: number | undefined;
    return {
      guard: new RequestGuard({ maxRequests: MOST_REQUESTS, refuseRepeats }),
      remainingMs: () => (deadline ??= performance.now() + timeoutMs) - performance.now(),
      clockRead: false,
    };
  };

  let plain = createSession(false);
  return {
    fetch: (request) => fetchIn(plain)(request),
    listing: () => {
      const session = createSession(true);
      // A second look shares the deadline of its listing and is counted separately.
      plain = { ...createSession(false), remainingMs: session.remainingMs };
      return fetchIn(session);
    },
    clock: () => (bounds === undefined ? undefined : { ...estimateOffset(bounds), jumpMs }),
    close: async () => {
      closed = true;
      await reopen();
    },
  };
}

function response(status: number, body: unknown, url: string): Awaited<ReturnType<SourceFetch>> {
  return { status, headers: { get: () => null }, body, url };
}
