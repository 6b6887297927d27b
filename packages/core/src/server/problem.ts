/** An answer of RFC 9457. `detail` says what happened and what to do, and names nothing that the caller may not know. */
export type Problem = {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** The query parameter that is at fault. */
  readonly parameter?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
};

/** Thrown while a request is being read; the handler answers with its problem. */
export class RequestProblem extends Error {
  override readonly name = 'RequestProblem';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** 400: a parameter that cannot be used. */
export function badParameter(parameter: string, expected: string): RequestProblem {
  return new RequestProblem({ status: 400, title: 'Bad Request', detail: `${parameter} ${expected}`, parameter });
}

/** 401: nobody is signed in. `challenge` is the `WWW-Authenticate` header. */
export function unauthenticated(challenge: string | undefined): RequestProblem {
  return new RequestProblem({
    status: 401,
    title: 'Unauthorized',
    detail: 'Sign in, or send a token that is still valid.',
    headers: challenge === undefined ? undefined : { 'WWW-Authenticate': challenge },
  });
}

/** 403: a member who lacks the capability. */
export function forbidden(): RequestProblem {
  return new RequestProblem({
    status: 403,
    title: 'Forbidden',
    detail: 'You are a member, but lack the capability runs:read. Ask whoever administers this tenant for it.',
  });
}

/** 404: the one answer for what does not exist and for what the caller is no member of. */
export function notFound(): RequestProblem {
  return new RequestProblem({
    status: 404,
    title: 'Not Found',
    detail: 'There is no such thing here, or you are no member of the tenant it belongs to.',
  });
}

/** 405: a method other than GET and HEAD. The API only reads. */
export function methodNotAllowed(): RequestProblem {
  return new RequestProblem({
    status: 405,
    title: 'Method Not Allowed',
    detail: 'The run API only reads: use GET or HEAD.',
    headers: { Allow: 'GET, HEAD' },
  });
}

/** 500: the store or the host failed. What failed goes to the host's `onError`, never to the caller. */
export function serverError(): RequestProblem {
  return new RequestProblem({
    status: 500,
    title: 'Internal Server Error',
    detail: 'The server could not read its runs. Try again; its log says more.',
  });
}

/** 500: the run is there, but its row cannot be read. */
export function unreadable(reason: string): RequestProblem {
  return new RequestProblem({
    status: 500,
    title: 'Unreadable Run',
    detail: `The row of this run cannot be read: ${reason}`,
  });
}
