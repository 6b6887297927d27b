import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** The build output for the pages. */
export type Assets = {
  /** URLs for the head of a page. */
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
  /** The file at a path; `undefined` if there is none. */
  readonly responseTo: (pathname: string) => Response | undefined;
};

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20" fill="none" stroke="#2457b8" stroke-width="2" \
stroke-linecap="round"><path d="M10 6v11M4 11c0 3.6 2.6 6 6 6s6-2.4 6-6M7 9h6"/><circle cx="10" cy="4" r="2"/></svg>`;

type ManifestEntry = { readonly file: string; readonly css?: readonly string[]; readonly isEntry?: boolean };

/**
 * Reads the files of the build once, into memory: they are few, and no request path ever reaches the disk.
 *
 * Without a folder there are none, for tests over HTTP that look at no page.
 */
export function readAssets(folder: string | undefined): Assets {
  if (folder === undefined) return { scripts: [], styles: [], responseTo: () => undefined };
  const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8')) as Record<
    string,
    ManifestEntry
  >;
  const entries = Object.values(manifest).filter(({ isEntry }) => isEntry === true);
  const files = new Map(
    readdirSync(join(folder, 'assets')).map((name) => [
      `/assets/${name}`,
      { body: readFileSync(join(folder, 'assets', name)), type: TYPES[extname(name)] },
    ]),
  );
  return {
    scripts: entries.map(({ file }) => `/${file}`),
    styles: entries.flatMap(({ css }) => css ?? []).map((file) => `/${file}`),
    responseTo(pathname) {
      const file = pathname === '/favicon.svg' ? { body: ICON, type: TYPES['.svg'] } : files.get(pathname);
      if (file?.type === undefined) return undefined;
      const headers = {
        'Content-Type': file.type,
        // Names carry a hash of the content.
        'Cache-Control': 'public, max-age=31536000, immutable',
        'X-Content-Type-Options': 'nosniff',
      };
      return new Response(file.body, { headers });
    },
  };
}
