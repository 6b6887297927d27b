import { expect, it } from 'vitest';
import { systemOf } from './opened-source.js';

it.each([
  ['github', 'GitHub'],
  ['bullboard', 'BullMQ'],
  // These speak for a host, by the name that its config gives the source.
  ['runs', undefined],
  ['http', undefined],
  ['file', undefined],
  ['constructor', undefined],
  [undefined, undefined],
])('a verdict on a run of the kind %s quotes %s', (kind, system) => {
  expect(systemOf(kind)).toBe(system);
});
