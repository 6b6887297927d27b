/** An RFC 9457 problem. `detail` says what happened and what to do, and names nothing that the caller may not see. */
export type Problem = {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** The invalid parameter. */
  readonly parameter?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
};

/** Thrown while a request is being read; the handler responds with its problem. */
export class RequestProblem extends Error {
  override readonly name = 'RequestProblem';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** 400: an invalid parameter. */
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
    detail: 'You are a member, but lack the capability runs:read. Ask an administrator of this tenant for it.',
  });
}

/** 404: the same response for what does not exist and for what the caller is not a member of. */
export function notFound(): RequestProblem {
  return new RequestProblem({
    status: 404,
    title: 'Not Found',
    detail: 'It does not exist, or you are not a member of the tenant it belongs to.',
  });
}

/** 405: a method other than GET and HEAD. The API only reads. */
export function methodNotAllowed(): RequestProblem {
  return new RequestProblem({
    status: 405,
    title: 'Method Not Allowed',
    detail: 'The run API is read-only: use GET or HEAD.',
    headers: { Allow: 'GET, HEAD' },
  });
}

/** 500: the store or the host failed. What failed goes to the host's `onError`, never to the caller. */
export function serverError(): RequestProblem {
  return new RequestProblem({
    status: 500,
    title: 'Internal Server Error',
    detail: 'The server could not read its runs. Try again, or see its log.',
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
