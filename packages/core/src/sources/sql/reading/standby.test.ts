import { describe, expect, it } from 'vitest';
import { SourceError, type SourceFetch } from '../../source.js';
import type { Engine } from '../engine.js';
import { dataAge } from './standby.js';
import type { SqlBody } from './query.js';

const NOW = 1_795_878_000_000;

function answering(standby: string, lag: Readonly<Record<string, unknown>>): SourceFetch {
  return async ({ url, body }) => {
    const row = (body as SqlBody).sql.includes('replayed') ? { standby, ...lag } : { standby };
    return { status: 200, headers: { get: () => null }, body: { rows: [row] }, url };
  };
}
const ask = (fetch: SourceFetch, engine: Engine = 'postgres') => dataAge(engine, 'postgres://host/db', fetch);

describe('the age of the data', () => {
  it.each<[string, string, Readonly<Record<string, unknown>>, number | undefined]>([
    ['of a primary is nothing', 'f', { now: NOW, replayed: NOW - 900_000, caught_up: 'f' }, undefined],
    ['of a copy that lags is its lag', 't', { now: NOW, replayed: NOW - 40_000, caught_up: 'f' }, NOW - 40_000],
    ['as text too', 't', { now: String(NOW), replayed: String(NOW - 40_000), caught_up: 'f' }, NOW - 40_000],
    ['of a copy of an idle primary is nothing', 't', { now: NOW, replayed: NOW - 900_000, caught_up: 't' }, undefined],
    [
      'of a copy that lost its primary is not',
      't',
      { now: NOW, replayed: NOW - 900_000, caught_up: null },
      NOW - 900_000,
    ],
    ['below a second is nothing', 't', { now: NOW, replayed: NOW - 999, caught_up: 'f' }, undefined],
    ['of one second is one', 't', { now: NOW, replayed: NOW - 1000, caught_up: 'f' }, NOW - 1000],
  ])('%s', async (_, standby, lag, expected) => {
    const { dataAt, note } = await ask(answering(standby, lag));
    expect(dataAt).toBe(expected);
    expect(note === undefined).toBe(expected === undefined);
  });

  it('is said in words', async () => {
    const { note } = await ask(answering('t', { now: NOW, replayed: NOW - 40_000, caught_up: 'f' }));
    expect(note).toContain('a copy (hot standby) that lags by up to 40 s');
  });

  it('that a copy does not say is an error', async () => {
    const answer = ask(answering('t', { now: NOW, replayed: null, caught_up: null }));
    await expect(answer).rejects.toThrow(SourceError);
    await expect(answer).rejects.toThrow('Read the primary.');
  });

  it('is asked of PostgreSQL only', async () => {
    const refuse: SourceFetch = async () => {
      throw new Error('asked');
    };
    expect(await ask(refuse, 'sqlite')).toEqual({ dataAt: undefined, note: undefined });
  });
});
