import { describe, expect, it } from 'vitest';
import { signerOf } from './sign.js';

const request = {
  method: 'POST',
  url: 'https://states.us-east-1.amazonaws.com/',
  headers: {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'AWSStepFunctions.ListStateMachines',
    accept: '*/*',
  },
  body: '{"maxResults":1000}',
};
const now = Date.parse('2026-11-28T12:00:00.900Z');
const sign = signerOf('AKIDEXAMPLE:wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', 'us-east-1');

describe('signerOf', () => {
  // The signature was computed with botocore 1.44.8, the library of AWS's own clients.
  it('signs as the clients of AWS do', async () => {
    expect(await sign(request, now)).toEqual({
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261128/us-east-1/states/aws4_request, SignedHeaders=host;x-amz-date;x-amz-target, Signature=ca6cb685d8b9953505a11f2e0e9e032360337b2b24a18649af48d5e4896adf7a',
      'x-amz-date': '20261128T120000Z',
    });
  });

  it('gives every request, body and second another signature', async () => {
    const of = async (more: Partial<typeof request>, later = 0) =>
      (await sign({ ...request, ...more }, now + later))['authorization'];
    const all = await Promise.all([
      of({}),
      of({ body: '{}' }),
      of({ url: 'https://host.example/' }),
      of({}, 1000),
      of({ headers: { ...request.headers, 'x-amz-target': 'x' } }),
    ]);
    expect(new Set(all).size).toBe(5);
    expect(await of({ headers: { ...request.headers, accept: 'text/plain' } })).toBe(all[0]);
  });

  it('sends the session with credentials that do not last', async () => {
    expect((await signerOf('AKIDEXAMPLE:key:se:ssion', 'us-east-1')(request, now))['x-amz-security-token']).toBe(
      'se:ssion',
    );
  });

  it.each(['', 'AKIDEXAMPLE', ':key'])('refuses the credentials %j', (credentials) => {
    expect(() => signerOf(credentials, 'us-east-1')).toThrow('AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY');
  });
});
