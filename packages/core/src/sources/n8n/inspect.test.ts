import { describe, expect, it } from 'vitest';
import { parseRun } from '../../wire.js';
import type { JsonObject } from '../reading/body.js';
import { fetchFrom, type Answer } from '../testing/fetch.js';
import { n8nSource } from './source.js';

const source = n8nSource('flows', { url: 'https://n8n.example' });
const NOW = '2026-11-28T12:00:00Z';
const headers = { date: new Date(NOW).toUTCString() };

function waiting(hold: string) {
  const parsed = parseRun({ id: '7', type: 'w', status: 'running', hold, native: { status: 'waiting' } }, 'flows');
  if (!parsed.ok) throw new Error(parsed.issue.reason);
  return parsed.run;
}

async function look(parent: Answer, child: Answer, run = waiting('event')) {
  const { fetch, asked } = fetchFrom(({ pathname }) => (pathname.endsWith('/7') ? parent : child));
  const seen = await source.inspect?.(run, fetch);
  return { run, seen, asked: asked.map(({ url }) => url.replace('https://n8n.example/api/v1/', '')) };
}

const parentOf = (executionId: string): Answer => ({
  body: {
    id: '7',
    data: {
      resultData: {
        lastNodeExecuted: 'Call',
        runData: { Call: [{}, { metadata: { subExecution: { executionId } } }] },
      },
    },
  },
});
const child = (status: string, stoppedAt: string | null): Answer => ({ body: { id: '8', status, stoppedAt }, headers });

describe('an execution that waits without end', () => {
  it('waits for that of a sub-workflow while it has not ended', async () => {
    const { seen, asked } = await look(parentOf('8'), child('waiting', null));
    expect(asked).toEqual(['executions/7?includeData=true', 'executions/8']);
    expect(seen).toMatchObject({ hold: 'dependency', waitsFor: { kind: 'execution', id: '8', state: 'waiting' } });
    expect(seen?.flag).toBeUndefined();
  });

  it('is flagged once that has ended, since then', async () => {
    const { seen } = await look(parentOf('8'), child('success', '2026-11-28T11:00:00Z'));
    expect(seen?.flag).toEqual({
      kind: 'orphaned',
      by: 'tardy',
      text: 'It waits for the execution 8 of a sub-workflow, which has ended (success).',
      since: Date.parse('2026-11-28T11:00:00Z'),
    });
  });

  it.each<[string, Answer, Answer]>([
    ['that ended just now', parentOf('8'), child('success', '2026-11-28T11:50:00Z')],
    ['that is deleted', parentOf('8'), { status: 404, body: {} }],
    [
      'it started none',
      { body: { data: { resultData: { lastNodeExecuted: 'Wait', runData: { Wait: [{}] } } } } },
      child('success', NOW),
    ],
    ['its data is not shown', { body: { id: '7' } }, child('success', NOW)],
    ['it may not be read', { status: 403, body: {} }, child('success', NOW)],
  ])('stays on hold where %s', async (_, parent, other) => {
    expect((await look(parent, other)).seen).toMatchObject({ hold: 'event', flag: undefined });
  });

  it('is not judged from data of another type', async () => {
    const odd = (resultData: unknown): Answer => ({ body: { data: { resultData } as JsonObject } });
    await expect(look(odd('none'), child('success', NOW))).rejects.toMatchObject({ code: 'shape' });
  });
});

it('that waits until a time is not looked into', async () => {
  const { run, seen, asked } = await look(parentOf('8'), child('success', NOW), waiting('schedule'));
  expect(seen).toBe(run);
  expect(asked).toEqual([]);
});
