import { hasText, isObject, objectBody, type JsonObject } from '../reading/body.js';
import { checkShape, type Shape } from '../reading/shape.js';
import { because, nameFor } from '../reading/vocabulary.js';
import { SourceError, type SourceErrorCode, type SourceFetch } from '../source.js';

/** The name of the API in messages. */
export const SYSTEM = 'AWS Step Functions';

/** The operations that are called. All of them read. */
export type Operation =
  | 'ListStateMachines'
  | 'ListExecutions'
  | 'DescribeExecution'
  | 'DescribeStateMachineForExecution'
  | 'GetExecutionHistory';

/** What AWS says with status 400 of nearly everything; by the end of the name of its exception. */
const CODES: readonly (readonly [RegExp, SourceErrorCode])[] = [
  [
    /(?:UnrecognizedClient|InvalidSignature|IncompleteSignature|ExpiredToken|InvalidClientTokenId|MissingAuthenticationToken)/,
    'auth',
  ],
  [/(?:AccessDenied|NotAuthorized)/, 'forbidden'],
  [/(?:Throttl|TooManyRequests|RequestLimitExceeded)/, 'rate_limited'],
  [/(?:DoesNotExist|NotFound|InvalidArn)/, 'not_found'],
];

/** Calls an operation, and checks what it sends. */
export async function call(
  address: string,
  operation: Operation,
  body: JsonObject,
  shape: Shape,
  fetch: SourceFetch,
): Promise<JsonObject> {
  const response = await fetch({
    url: address,
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AWSStepFunctions.${operation}` },
    body,
    accept: [400],
  });
  if (response.status === 400) throw refusalOf(operation, response.body);
  const sent = objectBody(response, SYSTEM);
  checkShape(sent, shape, SYSTEM);
  return sent;
}

function refusalOf(operation: Operation, body: unknown): SourceError {
  const type = isObject(body) && hasText(body['__type']) ? body['__type'] : '';
  const name = type.slice(type.lastIndexOf('#') + 1);
  const [, code = 'http'] = CODES.find(([pattern]) => pattern.test(name)) ?? [];
  const message = isObject(body) ? (body['message'] ?? body['Message']) : undefined;
  return new SourceError(
    code,
    `${SYSTEM} refused ${operation} (${nameFor(name === '' ? 'HTTP 400' : name)})${because(message)}`,
    {
      status: 400,
    },
  );
}
