import { expect, it } from 'vitest';
import { scrubbedIo } from './scrubbed-io.js';
import { fakeIo } from './test-io.js';

it('keeps the secrets of every connection out of all that is printed and written', async () => {
  const world = fakeIo();
  const io = scrubbedIo(world.io);
  const connection = { baseUrl: 'https://host.example', timeoutMs: 1, ca: undefined, debug: undefined };
  await io.connect({ ...connection, credentials: { authorization: 'Bearer first-token' } });
  await io.connect({ ...connection, credentials: {}, secrets: ['second-token'] });
  const text = 'first-token, SECOND-token, third-token';
  io.stdout.write(text);
  io.stderr.write(text);
  await io.writeFile('/report.json', text);
  const scrubbed = '***, ***, third-token';
  expect(world.printed).toEqual({ out: scrubbed, err: scrubbed });
  expect(world.written.get('/report.json')).toBe(scrubbed);
  expect(world.connections).toHaveLength(2);
});
