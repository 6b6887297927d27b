import { AwsV4Signer } from 'aws4fetch';
import { formatInstant } from '../../instant.js';
import type { RequestSigner } from '../descriptor.js';
import { SourceConfigError } from '../source.js';

/**
 * Signs requests to Step Functions (AWS Signature Version 4) with `id:key` or `id:key:session`.
 *
 * @throws {SourceConfigError} for anything else.
 */
export function signerOf(credentials: string, region: string): RequestSigner {
  const [accessKeyId = '', secretAccessKey = '', ...rest] = credentials.split(':');
  if (accessKeyId === '' || secretAccessKey === '') {
    throw new SourceConfigError(
      'The credentials of AWS must be AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, if they do not last, AWS_SESSION_TOKEN, joined by colons.',
    );
  }
  const sessionToken = rest.join(':');
  return async ({ method, url, headers, body }, now) => {
    const own = { 'content-type': headers['content-type'] ?? '', 'x-amz-target': headers['x-amz-target'] ?? '' };
    const signer = new AwsV4Signer({
      method,
      url,
      headers: own,
      ...(body === undefined ? {} : { body }),
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === '' ? {} : { sessionToken }),
      service: 'states',
      region,
      datetime: formatInstant(Math.floor(now / 1000) * 1000).replace(/[-:]/g, ''),
    });
    const signed = await signer.sign();
    const added: Record<string, string> = {};
    for (const name of ['authorization', 'x-amz-date', 'x-amz-security-token', 'x-amz-content-sha256']) {
      const value = signed.headers.get(name);
      if (value !== null) added[name] = value;
    }
    return added;
  };
}
