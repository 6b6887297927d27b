// Another server of a running host, in its own process: reports where it listens, and ends with its parent.
import { createPolicy } from '@tardy/core';
import { joinHost } from './host.js';

const [databaseUrl, schema, workerFile] = process.argv.slice(2);
if (databaseUrl === undefined || schema === undefined || workerFile === undefined) throw new Error('Three arguments.');
const host = await joinHost({
  port: 0,
  databaseUrl,
  schema,
  workerFile,
  policy: createPolicy({ version: 1 }),
  restMs: 50,
  onError: (error) => process.stderr.write(`${String(error)}\n`),
});
process.on('disconnect', () => void host.stop().then(() => process.exit(0)));
process.send?.(host.origin);
