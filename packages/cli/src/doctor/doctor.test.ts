import { formatInstant } from '@tardy/core';
import { SourceError } from '@tardy/core/sources';
import { describe, expect, it } from 'vitest';
import { ATTACKS, harmIn } from '../output/test-attacks.js';
import { runProgram } from '../program.js';
import { fakeIo, NOON } from '../test-io.js';
import { findGaps, gapSentences } from './field-gaps.js';

const HOST = 'runs:https://host.example/api';
const LIST = '/api/runs';
const RUN = {
  id: '1',
  type: 'export',
  status: 'running',
  started_at: formatInstant(NOON - 60_000),
  heartbeat_at: formatInstant(NOON),
};

async function doctor(listed: unknown, argv: readonly string[] = [], clockOffsetMs = 420) {
  const world = fakeIo({ responses: { [LIST]: listed }, clockOffsetMs });
  const code = await runProgram(world.io, ['doctor', HOST, ...argv]);
  return { code, ...world.printed };
}

describe('doctor', () => {
  it('reports no gaps for a complete source', async () => {
    expect(await doctor({ runs: [{ ...RUN, url: 'https://host.example/1' }] })).toEqual({
      code: 0,
      out: `${HOST}\truns\tok\t1\t1\t+0.4 s ±0.0 s\n`,
      err: '',
    });
  });

  it('reports missing fields and the clock offset', async () => {
    const runs = [RUN, { id: '2', type: 'export', status: 'running' }];
    expect((await doctor({ runs }, [], 300_000)).out).toBe(`${HOST}\truns\tok\t2\t1\t+300.0 s ±0.0 s

${HOST}: Its clock is off by +300.0 s compared with this machine. Its runs are judged by its own clock.
${HOST}: No usable time: 1 of 2 active runs.
${HOST}: No heartbeat (heartbeat_at): 1 of 2 running runs. Only elapsed time shows whether they are stuck.
${HOST}: No link (url): 2 of 2 active runs.
`);
  });

  it('exits 3 if a source refuses access', async () => {
    const { code, out } = await doctor(new SourceError('auth', 'The token was refused (401).'));
    expect(code).toBe(3);
    expect(out).toBe(
      `${HOST}\truns\tauth\t0\t0\t+0.4 s ±0.0 s\n\n${HOST}: The token was refused (401). It has no credential: set TARDY_TOKEN.\n`,
    );
  });

  it('exits 3 if a run cannot be read', async () => {
    const { code, out } = await doctor({ runs: [{ id: 'odd', type: 'x', status: 'dancing' }] });
    expect(code).toBe(3);
    expect(out).toMatch(/\tpartial\t0\t.*\n\n.*: odd: status must be one of/);
  });

  it('prints JSON', async () => {
    const { out } = await doctor({ runs: [RUN] }, ['--json']);
    expect(JSON.parse(out)).toMatchObject({
      sources: [
        { name: HOST, complete: true, clock_offset_ms: 420, fields: { active: 1, no_heartbeat: 0, no_url: 1 } },
      ],
    });
  });

  it.each(ATTACKS)('prints nothing dangerous, whatever a source sends: $name', async ({ text }) => {
    for (const listed of [new SourceError('http', text), { runs: [{ id: text, status: text }] }]) {
      const { out } = await doctor(listed);
      expect(out).toContain('\t');
      for (const cell of out.split(/[\n\t]/)) expect(harmIn(cell)).toBeUndefined();
    }
  });
});

it('finds no gaps in an empty list', () => {
  expect(gapSentences(findGaps([]))).toEqual([]);
});
