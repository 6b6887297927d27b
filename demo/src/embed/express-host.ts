import { createRequire } from 'node:module';
import { createPolicy, type Run } from '@tardy/core';
import { createRunApi, memoryStore, type Viewer } from '@tardy/core/server';
import { getRequestListener } from '@hono/node-server';
import express, { type Express } from 'express';

/** The files of the elements, from the package. */
const ELEMENTS = createRequire(import.meta.url)
  .resolve('@tardy/elements/package.json')
  .replace('package.json', 'dist');

/** An Express app that already has users, and jobs that it runs. `viewerOf` says what the user of a request may see. */
export function expressHost(jobs: readonly Run[], viewerOf: (cookie: string | null) => Viewer | undefined): Express {
  const now = () => Date.now();
  // A few thousand jobs fit into memory. With a database table, write the four functions of `RunStore` instead.
  const store = memoryStore(jobs, { now });
  const api = createRunApi({
    store,
    now,
    policy: createPolicy({ version: 1, defaults: { silence: { late: '2m', stale: '10m' } } }),
    authorize: (request) => viewerOf(request.headers.get('Cookie')),
  });

  const app = express();
  // Express strips the prefix from the URL, so the API need not know where it is mounted.
  app.use('/api', getRequestListener(api));
  app.use('/elements', express.static(ELEMENTS));
  app.get('/jobs', (_, response) => {
    response
      .set('Content-Security-Policy', "default-src 'self'; require-trusted-types-for 'script'; trusted-types lit-html")
      .type('html').send(`<!doctype html>
<title>Jobs</title>
<script type="module" src="/elements/tardy-elements.min.js"></script>
<run-progress src="/api"></run-progress>
<ops-list src="/api" sync-url="push" run-href="/jobs/{id}"></ops-list>`);
  });
  return app;
}
