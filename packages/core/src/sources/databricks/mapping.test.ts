import { expect, it } from 'vitest';
import { namedSource } from '../http/testing/named.js';
import { gather } from '../testing/fetch.js';
import { databricksMapping } from './mapping.js';

const source = await namedSource('databricks', databricksMapping, 'https://acme.example');

it.each([{ runs: false, has_more: false }, { runs: '', has_more: false }, { has_more: 'false' }, { runs: [] }, {}])(
  'a list that is none, or shorter than it says, is an error: %j',
  async (body) => {
    const { error, runs } = await gather(source, () => ({ body }));
    expect({ code: error?.code, runs }).toEqual({ code: 'shape', runs: [] });
  },
);

it('a response without a list is one without runs', async () => {
  expect(await gather(source, () => ({ body: { has_more: false } }))).toMatchObject({
    error: undefined,
    issues: [],
    runs: [],
  });
});
