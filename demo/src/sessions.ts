import type { Database } from './database.js';
import { bearerOf, digestOf, newToken } from './people.js';

/** Not `__Host-…`: that requires HTTPS, and the demo listens on the loopback interface without it. */
const COOKIE = 'tardy_demo_session';

/** Sessions beside the tokens: a browser sends a cookie, a script a token. */
export type Sessions = {
  /** Starts a session; returns the `Set-Cookie` header. */
  readonly begin: (user: string) => Promise<string>;
  /** Ends the session of a request at once; returns the `Set-Cookie` header. */
  readonly end: (request: Request) => Promise<string>;
  /** Ends every session, as if all had expired. */
  readonly expireAll: () => Promise<void>;
  /** The caller, by token or by session. A session does not make up for an invalid token. */
  readonly personOf: (request: Request) => Promise<string | undefined>;
};

/** Keeps digests of sessions in the database. `now` is in epoch milliseconds; a session lasts `lifetimeMs` from its start. */
export function sessions(database: Database, now: () => number, lifetimeMs: number): Sessions {
  return {
    async begin(user) {
      const token = newToken();
      const expiresAt = new Date(now() + lifetimeMs).toISOString();
      await database.query('delete from sessions where expires_at <= $1::timestamptz', [new Date(now()).toISOString()]);
      await database.query(
        'insert into sessions (token_digest, user_id, expires_at) values ($1, $2, $3::timestamptz)',
        [digestOf(token), user, expiresAt],
      );
      return cookie(token, Math.floor(lifetimeMs / 1000));
    },

    async end(request) {
      const token = tokenOf(request);
      if (token !== undefined) await database.query('delete from sessions where token_digest = $1', [digestOf(token)]);
      return cookie('', 0);
    },

    async expireAll() {
      await database.query('delete from sessions');
    },

    async personOf(request) {
      const authorization = request.headers.get('Authorization');
      if (authorization !== null) {
        const bearer = /^Bearer (\S{1,200})$/i.exec(authorization)?.[1];
        return bearer === undefined ? undefined : bearerOf(database, bearer);
      }
      const token = tokenOf(request);
      if (token === undefined) return undefined;
      const [session] = await database.query(
        'select user_id from sessions where token_digest = $1 and expires_at > $2::timestamptz',
        [digestOf(token), new Date(now()).toISOString()],
      );
      return session === undefined ? undefined : String(session['user_id']);
    },
  };
}

function cookie(value: string, seconds: number): string {
  return `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}`;
}

function tokenOf(request: Request): string | undefined {
  for (const pair of (request.headers.get('Cookie') ?? '').split(';')) {
    const [name, value = ''] = pair.trim().split('=');
    if (name === COOKIE && /^[\w-]{1,200}$/.test(value)) return value;
  }
  return undefined;
}
