import { stateToWire } from '@tardy/core';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { anAlert } from '../notify/test-message.js';
import { fakeIo, NOON } from '../test-io.js';
import { FileBusyError } from '../wait-for-lock.js';
import { openState, peekState } from './state-file.js';

const PATH = '/project/app/state.json';
const saved = (alerts = [anAlert('a')]) => JSON.stringify(stateToWire(alerts, NOON));

describe('the state of alerts', () => {
  it('is empty where there is no file, and what was saved comes back', async () => {
    const world = fakeIo();
    const state = await openState(world.io, 'state.json');
    expect(state.alerts).toEqual([]);
    const alerts = [
      anAlert('b', { renewedAt: NOON }),
      anAlert('a', { ended: { at: NOON, how: 'vanished', text: 'gone' } }),
    ];
    await state.save(alerts, NOON);
    await state.close();
    expect(await peekState(world.io, PATH)).toEqual([alerts[1], alerts[0]]);
    expect(world.locks.size).toBe(0);
  });

  it('is a file of its own in a folder', async () => {
    const world = fakeIo({ files: { '/var/lib/tardy/other': '' } });
    const state = await openState(world.io, '/var/lib/tardy');
    await state.save([], NOON);
    expect([...world.written.keys()]).toEqual(['/var/lib/tardy/tardy-state.json']);
  });

  it.each([
    { what: 'no JSON', text: '{"schema":"tardy.state/1","alerts":[', says: 'is not a state of tardy' },
    { what: 'empty', text: '', says: 'is not a state of tardy' },
    { what: 'of another program', text: '{"alerts":[]}', says: 'is not a state of tardy' },
    { what: 'a report', text: '{"schema":"tardy.report/1","runs":[]}', says: 'is not a state of tardy' },
    { what: 'of a later version', text: '{"schema":"tardy.state/2"}', says: 'another version (tardy.state/2)' },
    {
      what: 'without alerts',
      text: '{"schema":"tardy.state/1","saved_at":"2026-11-23T12:00:00Z"}',
      says: 'is damaged (alerts:',
    },
    {
      what: 'damaged',
      text: saved().replace('"level":"likely_stale"', '"level":"calm"'),
      says: 'is damaged (alerts.0.level:',
    },
    {
      what: 'with a bad time',
      text: saved().replace('2026-11-23T10:00:00Z', 'yesterday'),
      says: 'is damaged (alerts.0.since:',
    },
  ])('is refused, neither used nor overwritten, if the file is $what', async ({ text, says }) => {
    const world = fakeIo({ files: { [PATH]: text } });
    for (const open of [openState, peekState]) {
      const failure: unknown = await open(world.io, PATH).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(UsageError);
      expect(String(failure)).toContain(says);
      expect(String(failure)).toContain('neither used nor overwritten');
    }
    expect(world.written.size).toBe(0);
    expect(world.locks.size).toBe(0);
  });

  it('ignores fields of later versions', async () => {
    const text = saved().replace('"schema"', '"mood":"fine","schema"');
    expect((await openState(fakeIo({ files: { [PATH]: text } }).io, PATH)).alerts).toEqual([anAlert('a')]);
  });

  it('waits for another process, and gives up after a time', async () => {
    const world = fakeIo({ files: { [PATH]: saved() } });
    const first = await openState(world.io, PATH);
    await expect(openState(world.io, PATH)).rejects.toBeInstanceOf(FileBusyError);
    expect(world.slept.reduce((sum, ms) => sum + ms, 0)).toBe(300_000);
    expect(world.printed.err).toBe(`tardy: waiting for another process of tardy that uses ${PATH}\n`);
    await first.close();
    expect((await openState(world.io, PATH)).alerts).toHaveLength(1);
  });

  it('is not saved by a process that lost it', async () => {
    const world = fakeIo();
    const state = await openState(world.io, PATH);
    world.locks.clear();
    await expect(state.save([], NOON)).rejects.toThrow('was taken over by another process');
    expect(world.written.size).toBe(0);
  });
});
