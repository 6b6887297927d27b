import { formatInstant } from '@tardy/core';
import { describe, expect, it } from 'vitest';
import { runProgram } from './program.js';
import { fakeIo, NOON } from './test-io.js';

const ago = (minutes: number) => formatInstant(NOON - minutes * 60_000);
const running = { type: 'sync', status: 'running' };

/** One active run for each clock and state that needs attention. */
const runs = [
  { id: 'silent', ...running, started_at: ago(54), heartbeat_at: ago(42) },
  { id: 'quiet', ...running, started_at: ago(15), heartbeat_at: ago(3) },
  { id: 'long', ...running, started_at: ago(540) },
  { id: 'vouched', ...running, started_at: ago(540), heartbeat_at: ago(0) },
  { id: 'queued', type: 'sync', status: 'queued', queued_at: ago(31) },
  { id: 'held', type: 'sync', status: 'queued', hold: 'approval', hold_since: ago(2000) },
  { id: 'overdue', ...running, started_at: ago(20), deadline_at: ago(5) },
  { id: 'flagged', ...running, started_at: ago(20), flag: { kind: 'worker_lost', text: 'no worker on the queue' } },
  { id: 'timeless', ...running },
];

async function presentations(command: readonly string[]): Promise<Record<string, unknown>[]> {
  const { io, printed } = fakeIo({ stdin: JSON.stringify({ runs }) });
  await runProgram(io, [
    ...command,
    '--now',
    formatInstant(NOON),
    '--json',
    'id,state,label,tone,headline,reason,guidance',
  ]);
  const value = JSON.parse(printed.out) as Record<string, unknown> | Record<string, unknown>[];
  return Array.isArray(value) ? value : [value];
}

async function text(command: readonly string[]): Promise<string> {
  const { io, printed } = fakeIo({ stdin: JSON.stringify({ runs }) });
  await runProgram(io, [...command, '--now', formatInstant(NOON)]);
  return printed.out;
}

describe('a run has the same words everywhere', () => {
  it.each(runs.map(({ id }) => id))('by check, list and show: %s', async (id) => {
    const [checked] = (await presentations(['check', '-'])).filter((row) => row['id'] === id);
    const [listed] = (await presentations(['list', '-'])).filter((row) => row['id'] === id);
    const [shown] = await presentations(['show', '-', id]);
    expect(checked).toBeDefined();
    expect(listed).toEqual(checked);
    expect(shown).toEqual(checked);
    for (const command of [
      ['check', '-'],
      ['list', '-'],
      ['show', '-', id],
    ]) {
      const printed = await text(command);
      expect(printed).toContain(String(checked?.['label']));
      expect(printed).toContain(String(checked?.['headline']));
    }
  });
});
