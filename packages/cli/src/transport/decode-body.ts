import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';

/** The encodings that the transport accepts. */
export const ACCEPT_ENCODING = 'gzip, br';

/** A decoded body, or why it could not be decoded. */
export type DecodedBody =
  | { readonly kind: 'decoded'; readonly bytes: Buffer }
  | { readonly kind: 'too_big' }
  | { readonly kind: 'broken' }
  | { readonly kind: 'unknown_encoding' };

// Complete bodies rather than undici's decompress interceptor, which is experimental, warns, and skips error responses.
const DECODERS = new Map([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['br', promisify(brotliDecompress)],
  ['deflate', promisify(inflate)],
]);

/** Decodes a `Content-Encoding`. Stops once the output exceeds `maxBytes`, however small the input. */
export async function decodeBody(bytes: Buffer, encoding: string | null, maxBytes: number): Promise<DecodedBody> {
  const name = encoding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity' || bytes.length === 0) return { kind: 'decoded', bytes };
  const decode = DECODERS.get(name);
  if (decode === undefined) return { kind: 'unknown_encoding' };
  try {
    return { kind: 'decoded', bytes: await decode(bytes, { maxOutputLength: maxBytes }) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return { kind: code === 'ERR_BUFFER_TOO_LARGE' ? 'too_big' : 'broken' };
  }
}
