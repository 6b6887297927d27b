import { gzipSync } from 'node:zlib';
import type { Damage, Damaged, WireResponse } from './test-damage.js';
import type { Random } from './test-random.js';

const REFUSALS = [400, 401, 403, 404, 409, 410, 418, 429, 501];
const EMPTY_STATUSES = [202, 203, 204, 205, 206, 304];
const NO_JSON = [
  '',
  ' \n',
  'OK',
  '<!doctype html><title>Sign in</title>',
  'NaN',
  '{"runs":NaN}',
  "{'a':1}",
  '[1,]',
  '{"a":1}{"a":1}',
];
const SCALARS = ['null', 'true', 'false', '0', '-1', '1e400', '"text"', '""', '[[]]', '[null]', '[0]'];
const REPORTS = ['{"error":"x"}', '{"error":{"message":"x"}}', '{"message":"ok"}', '{"errors":[{"message":"x"}]}'];
const SHIFTS_H = [-24 * 365, -48, -25, -2, 2, 25, 24 * 365];

/** Damage to what is sent, whatever the body means. */
export const WIRE_DAMAGES: readonly Damage[] = [
  bytes('cut off', true, (body, { below }) => body.subarray(0, below(body.length))),
  bytes('a quote inserted', true, (body, { below }) => broken(inserted(body, below(body.length), '"'))),
  bytes('a bracket inserted', true, (body, { below, pick }) =>
    broken(inserted(body, below(body.length), pick(['[', '{', ']', '}', ',', ':', '\\']))),
  ),
  bytes('a byte of another value', false, (body, { below }) => {
    const changed = Buffer.from(body);
    changed[below(body.length)] = below(256);
    return changed;
  }),
  bytes('a byte that is not UTF-8', false, (body, { below }) =>
    Buffer.concat([body.subarray(0, below(body.length)), Buffer.from([0xff]), body.subarray(below(body.length))]),
  ),
  bytes('UTF-16', true, (body, { pick }) => {
    const text = pick(['', '\ufeff']) + body.toString('utf8');
    return Buffer.from(text, 'utf16le');
  }),
  bytes('a byte order mark', true, (body) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body])),
  bytes('no JSON', true, (_, { pick }) => Buffer.from(pick(NO_JSON))),
  bytes('a value that is no object', true, (_, { pick }) => Buffer.from(pick(SCALARS))),
  bytes('an error with a successful status', true, (_, { pick }) => Buffer.from(pick(REPORTS))),
  // Some systems leave an empty list out, and an empty list is a valid response of others.
  bytes('nothing in it', false, (_, { pick }) => Buffer.from(pick(['{}', '[]']))),
  {
    name: 'the response to another request',
    noticeable: true,
    apply: (response, { pick }, others) => {
      const own = response.body.toString('utf8');
      // An empty object may be a list of none.
      const strange = others.filter((text) => text !== own && text.length > 2 && keysOf(text) !== keysOf(own));
      if (strange.length === 0) return undefined;
      const text = pick(strange);
      return { response: { ...response, body: Buffer.from(text) }, what: text.slice(0, 300) };
    },
  },
  whole('a status that reports a failure', true, (response, { pick }) => ({
    ...response,
    status: pick([500, 502, 503]),
  })),
  whole('a status that refuses', false, (response, { pick }) => ({
    ...response,
    status: pick(REFUSALS),
  })),
  whole('a status without content', true, (response, { pick }) => ({
    ...response,
    status: pick(EMPTY_STATUSES),
    body: Buffer.alloc(0),
  })),
  whole('another successful status', true, (response, { pick }) => ({
    ...response,
    status: pick([201, 202, 203, 206]),
  })),
  whole('a redirect', true, (response, { pick }) => ({
    ...response,
    status: pick([300, 301, 302, 303, 305, 307, 308]),
    headers: {
      ...response.headers,
      ...pick<Record<string, string>>([{}, { location: '/' }, { location: 'http://[' }, { location: 'file:///x' }]),
    },
  })),
  whole('a compression that is not there', true, (response, { pick }) =>
    encoded(response, pick(['gzip', 'br', 'zstd', 'deflate'])),
  ),
  whole('compressed and cut off', true, (response, { below }) => {
    const packed = gzipSync(response.body);
    return encoded({ ...response, body: packed.subarray(0, below(packed.length)) }, 'gzip');
  }),
  whole('compressed twice', true, (response) =>
    encoded({ ...response, body: gzipSync(gzipSync(response.body)) }, 'gzip'),
  ),
  whole('a connection that breaks off', true, (response, { below }) => ({
    ...response,
    headers: { ...response.headers, 'content-length': String(response.body.length + 10) },
    body: response.body.subarray(0, below(response.body.length + 1)),
    breaksOff: true,
  })),
  whole('a clock of another time', true, (response, { pick }) => ({
    ...response,
    headers: { ...response.headers, date: new Date(Date.now() + pick(SHIFTS_H) * 3_600_000).toUTCString() },
  })),
  whole('a clock that cannot be read', false, (response, { pick }) => ({
    ...response,
    headers: { ...response.headers, date: pick(['', 'x', '0', '-1', 'Mon, 99 Foo 2026 99:99:99 GMT', '1e400']) },
  })),
  whole('a header that is damaged', false, (response, { pick }) => {
    const names = Object.keys(response.headers).filter((name) => name !== 'content-type');
    if (names.length === 0) return undefined;
    return {
      ...response,
      headers: { ...response.headers, [pick(names)]: pick(['', 'x', '-1', '<', '0', '1e400', ',,,']) },
    };
  }),
];

function bytes(
  name: string,
  noticeable: boolean,
  change: (body: Buffer, random: Random) => Buffer | undefined,
): Damage {
  return {
    name,
    noticeable,
    apply: (response, random) => {
      if (response.body.length < 2) return undefined;
      const body = change(response.body, random);
      return body === undefined || body.equals(response.body)
        ? undefined
        : { response: { ...response, body }, what: show(body) };
    },
  };
}

function whole(
  name: string,
  noticeable: boolean,
  change: (response: WireResponse, random: Random) => WireResponse | undefined,
): Damage {
  return {
    name,
    noticeable,
    apply: (before, random): Damaged | undefined => {
      const response = change(before, random);
      return (
        response && { response, what: `${response.status} ${JSON.stringify(response.headers)} ${show(response.body)}` }
      );
    },
  };
}

function inserted(body: Buffer, at: number, text: string): Buffer {
  return Buffer.concat([body.subarray(0, at), Buffer.from(text), body.subarray(at)]);
}

/** The body if it is no JSON: damage to a text may leave another valid text. */
function broken(body: Buffer): Buffer | undefined {
  return keysOf(body.toString('utf8')) === 'no JSON' ? body : undefined;
}

function encoded(response: WireResponse, encoding: string): WireResponse {
  return { ...response, headers: { ...response.headers, 'content-encoding': encoding } };
}

function show(body: Buffer): string {
  return body.toString('latin1').slice(0, 1500);
}

function keysOf(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return 'list';
    return typeof value === 'object' && value !== null ? Object.keys(value).sort().join() : typeof value;
  } catch {
    return 'no JSON';
  }
}
