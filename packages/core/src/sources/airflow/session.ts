import { isObject, withoutQuery } from '../reading/body.js';
import { SourceError, type SourceFetch, type SourceRequest } from '../source.js';

/** Whether a secret is `user:password`, to be exchanged for a token; tokens of Airflow hold no colon. */
export function isPassword(secret: string): boolean {
  return secret.includes(':');
}

/** Airflow's responses to an expired token: 401, or 403 where it cannot even read it. */
const OVER = [401, 403];

/**
 * Makes requests carry the token that Airflow gives for a user and a password. All requests share the login, which is
 * repeated when the token expires.
 */
export function airflowSession(address: string, secret: string): (fetch: SourceFetch) => SourceFetch {
  let session: Promise<string> | undefined;
  return (fetch) => async (request) => {
    const current = (session ??= logIn(address, secret, fetch));
    try {
      return await fetch(carrying(request, await forgetting(current)));
    } catch (error) {
      if (!(error instanceof SourceError) || error.status === undefined || !OVER.includes(error.status)) throw error;
      if (error instanceof LoginError) throw error;
      // Several requests may find out at the same time: the first of them logs in for all.
      if (session === current) session = logIn(address, secret, fetch);
      const renewed = await forgetting((session ??= logIn(address, secret, fetch)));
      return fetch(asked(carrying(request, renewed)));
    }
  };

  /** A login that failed is not kept. */
  async function forgetting(login: Promise<string>): Promise<string> {
    try {
      return await login;
    } catch (error) {
      if (session === login) session = undefined;
      throw error;
    }
  }
}

/** A refusal at the login itself, which another try would not change. */
class LoginError extends SourceError {}

async function logIn(address: string, secret: string, fetch: SourceFetch): Promise<string> {
  const url = `${address}auth/token`;
  const colon = secret.indexOf(':');
  const [username, password] = [secret.slice(0, colon), secret.slice(colon + 1)];
  // What Airflow says of a refused login may repeat what it was sent, so its words stay out of the messages.
  const { status, body } = await fetch({
    url,
    method: 'POST',
    headers: { 'cache-control': 'no-cache' },
    body: { username, password },
    accept: [400, 401, 403, 404, 405, 422],
  });
  if (status === 404 || status === 405) {
    throw new LoginError(
      'auth',
      `${withoutQuery(url)} responded with ${status}: this Airflow issues no tokens for passwords. Configure a token instead of user:password.`,
      { status },
    );
  }
  if (status >= 300) {
    throw new LoginError(
      'auth',
      `Airflow refused the login at ${withoutQuery(url)} (${status}). Check the user and the password, written user:password.`,
      { status },
    );
  }
  const token = isObject(body) ? body['access_token'] : undefined;
  if (typeof token === 'string' && token !== '') return token;
  throw new SourceError('shape', `${withoutQuery(url)} sent no token. Is this the URL of Airflow 3?`);
}

function carrying(request: SourceRequest, token: string): SourceRequest {
  return { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
}

/** Transports refuse the same request twice in a list unless it says that it knows. */
function asked(request: SourceRequest): SourceRequest {
  return { ...request, headers: { ...request.headers, 'cache-control': 'no-cache' } };
}
