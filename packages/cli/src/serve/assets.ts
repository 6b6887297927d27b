import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { CliIo } from '../io.js';

/** The files that the pages load, by their path on the server. */
export type Assets = {
  readonly style: string;
  readonly scripts: readonly string[];
  /** `undefined` if there is no such file. */
  readonly responseTo: (request: Request, path: string) => Response | undefined;
};

const TYPES = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' } as const;

/** Reads the files once, into memory: no path of a request reaches the disk. Their names hold a hash of what is in them. */
export async function readAssets(io: CliIo): Promise<Assets> {
  const load = async (name: string, type: keyof typeof TYPES) => {
    const body = await io.readAsset(`${name}.${type}`);
    const hash = createHash('sha256').update(body).digest('hex').slice(0, 16);
    const small = await promisify(gzip)(body, { level: 9 });
    return { path: `/assets/${name}-${hash}.${type}`, body, small, type: TYPES[type] };
  };
  const [style, elements, page] = await Promise.all([
    load('page-style', 'css'),
    load('elements', 'js'),
    load('page', 'js'),
  ]);
  const files = new Map([style, elements, page].map((file) => [file.path, file]));
  return {
    style: style.path,
    // The page prepares the elements, so it comes first.
    scripts: [page.path, elements.path],
    responseTo(request, path) {
      const file = files.get(path);
      if (file === undefined) return undefined;
      const packed = /\bgzip\b/.test(request.headers.get('Accept-Encoding') ?? '');
      return new Response(Uint8Array.from(packed ? file.small : file.body), {
        headers: {
          'Content-Type': file.type,
          'Cache-Control': 'public, max-age=31536000, immutable',
          Vary: 'Accept-Encoding',
          ...(packed ? { 'Content-Encoding': 'gzip' } : {}),
        },
      });
    },
  };
}
