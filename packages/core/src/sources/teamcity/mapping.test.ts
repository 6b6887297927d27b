import { expect, it } from 'vitest';
import { namedSource } from '../http/testing/named.js';
import { gather } from '../testing/fetch.js';
import { teamcityMapping } from './mapping.js';

const source = await namedSource('teamcity', teamcityMapping, 'https://acme.example');

it.each([{ count: 0, build: false }, { count: 3, build: [] }, { count: 0, build: [{ id: 1 }] }, {}])(
  'a list that is none, or shorter than it says, is an error: %j',
  async (body) => {
    const { error, runs } = await gather(source, () => ({ body }));
    expect({ code: error?.code, runs }).toEqual({ code: 'shape', runs: [] });
  },
);

it('a response without a list is one without runs', async () => {
  expect(await gather(source, () => ({ body: { count: 0 } }))).toMatchObject({
    error: undefined,
    issues: [],
    runs: [],
  });
});
