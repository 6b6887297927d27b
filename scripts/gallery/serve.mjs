import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { build } from 'esbuild';
import { entryPoints, root } from '../workspace.mjs';

const folder = join(root, 'demo/gallery');

/** Builds the gallery from the sources and serves it; the page needs nothing else. */
export async function serveGallery(port = 0) {
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'gallery.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    // Lit tells of what is wrong only where it is not built for production; the gallery is the place to be told.
    logLevel: 'silent',
    plugins: [packagesFromSource],
  });
  const files = {
    '/': ['text/html', readFileSync(join(folder, 'index.html'))],
    '/gallery.css': ['text/css', readFileSync(join(folder, 'gallery.css'))],
    '/gallery.js': ['text/javascript', outputFiles[0].contents],
  };
  const server = createServer(({ url }, response) => {
    const [type, body] = files[new URL(url ?? '/', 'http://localhost').pathname] ?? [];
    if (body === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' }).end(body);
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

const packagesFromSource = {
  name: 'packages-from-source',
  setup({ onResolve }) {
    onResolve({ filter: /^@tardy\// }, ({ path }) => {
      const entry = entryPoints.find(({ specifier }) => specifier === path);
      return entry === undefined ? undefined : { path: entry.source };
    });
  },
};
