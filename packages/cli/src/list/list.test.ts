import { formatInstant } from '@tardy/core';
import { SourceError, type SourceFetch } from '@tardy/core/sources';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';
import { runProgram } from '../program.js';
import { fakeIo, NOON, optionsOf } from '../test-io.js';
import { listCommand } from './list.js';

const MINUTE = 60_000;

function wireRun(id: string, more: Readonly<Record<string, unknown>>) {
  return { id, type: 'export', title: `Export ${id}`, status: 'running', tenant: { id: '7', name: 'Acme' }, ...more };
}

const ago = (minutes: number) => formatInstant(NOON - minutes * MINUTE);

const RUNS = [
  wireRun('fresh', { started_at: ago(5) }),
  wireRun('stuck', { started_at: ago(60), heartbeat_at: ago(42) }),
  wireRun('late', { started_at: ago(90), tenant: { id: '8', name: 'Beta' } }),
  wireRun('failed', { status: 'completed', outcome: 'failed', started_at: ago(90), ended_at: ago(30) }),
  wireRun('done', { status: 'completed', outcome: 'succeeded', type: 'sync', started_at: ago(20), ended_at: ago(10) }),
];

async function list(argv: readonly string[], runs: readonly unknown[] = RUNS) {
  const world = fakeIo({ files: { '/project/app/runs.json': JSON.stringify({ runs }) } });
  const code = await runProgram(world.io, ['list', 'file:runs.json', ...argv]);
  return { code, ...world.printed };
}

describe('the flags of list', () => {
  it.each([
    {
      argv: ['ci', 'host'],
      expected: {
        sources: ['ci', 'host'],
        limit: 50,
        filter: { tab: 'all', sort: { key: 'severity', descending: false } },
      },
    },
    {
      argv: ['--tab', 'attention', '--tenant', '7'],
      expected: { filter: { tab: 'active_stale_attention' }, selectors: { tenants: ['7'] } },
    },
    { argv: ['--tab', 'terminal_follow_up'], expected: { filter: { tab: 'terminal_follow_up' } } },
    {
      argv: ['--state', 'late', '--problem-class', 'none', '-s', 'web'],
      expected: { filter: { state: 'late', problemClass: 'none', q: 'web' } },
    },
    { argv: ['--since', '24h', '-L', '5'], expected: { limit: 5, filter: { since: NOON - 24 * 60 * MINUTE } } },
    {
      argv: ['--since', '2026-11-23T09:00:00Z', '--sort', '-started'],
      expected: { filter: { since: NOON - 180 * MINUTE, sort: { key: 'started', descending: true } } },
    },
  ])('reads $argv', async ({ argv, expected }) => {
    expect(await optionsOf(listCommand, argv)).toMatchObject(expected);
  });

  it.each([
    { argv: ['--tab', 'stuck'], says: 'stuck' },
    { argv: ['--state', 'stale'], says: 'stale' },
    { argv: ['--since', 'never'], says: '--since "never" is neither a time nor a duration' },
    { argv: ['--sort', 'colour'], says: 'Unknown sort key "colour" in --sort' },
    { argv: ['--limit', '0'], says: '--limit "0"' },
  ])('refuses $argv', async ({ argv, says }) => {
    const failure = await runProgram(fakeIo().io, ['list', ...argv]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect(String(failure)).toContain(says);
  });
});

describe('what list shows', () => {
  it('lists every run, worst first', async () => {
    expect(await list([])).toMatchObject({
      code: 0,
      out: [
        'Likely stuck\tExport stuck\texport\tAcme\tNo heartbeat for 42 min\trunfile\tstuck\t',
        'Running late\tExport late\texport\tBeta\tRunning for 1 h 30 min\trunfile\tlate\t',
        'Failed\tExport failed\texport\tAcme\tFailed 30 min ago\trunfile\tfailed\t',
        'Running\tExport fresh\texport\tAcme\tRunning for 5 min\trunfile\tfresh\t',
        'Succeeded\tExport done\tsync\tAcme\tSucceeded 10 min ago\trunfile\tdone\t',
        '',
      ]
        .join('\n')
        .replaceAll('runfile', 'file:runs.json'),
    });
  });

  it.each([
    { argv: ['--tab', 'active'], expected: ['stuck', 'late', 'fresh'] },
    { argv: ['--tab', 'attention'], expected: ['stuck', 'late'] },
    { argv: ['--tab', 'follow-up'], expected: ['failed'] },
    { argv: ['--tab', 'completed'], expected: ['failed', 'done'] },
    { argv: ['--tenant', '8'], expected: ['late'] },
    { argv: ['--type', 'sync'], expected: ['done'] },
    { argv: ['--state', 'terminal'], expected: ['failed', 'done'] },
    { argv: ['--search', 'FRE'], expected: ['fresh'] },
    { argv: ['--since', '30m'], expected: ['fresh', 'done'] },
    { argv: ['--sort', 'started'], expected: ['failed', 'late', 'stuck', 'done', 'fresh'] },
    { argv: ['--limit', '2'], expected: ['stuck', 'late'] },
  ])('is $expected with $argv', async ({ argv, expected }) => {
    const { out } = await list([...argv, '--jq', '.runs[].run.id']);
    expect(out.trimEnd().split('\n')).toEqual(expected);
  });

  it('says how many runs are not shown', async () => {
    expect((await list(['--limit', '2'])).out).toMatch(/\n\nShowing 2 of 5 runs. Use --limit to show more\.\n$/);
  });

  it('says that nothing matches', async () => {
    expect(await list(['--tenant', 'nobody', '--tab', 'active'])).toMatchObject({ code: 0, out: 'No runs match.\n' });
    expect(await list(['--tenant', 'nobody'])).toMatchObject({
      code: 0,
      out: 'No runs match among the active runs and the last 50 ended runs.\n',
    });
  });

  it('limits that claim to what was read', async () => {
    const { code, out, err } = await list(
      ['--tenant', 'nobody'],
      [...RUNS, { id: 'odd', type: 'x', status: 'dancing' }],
    );
    expect(code).toBe(3);
    expect(err).toMatch(/\n\? file:runs\.json is incomplete: odd: /);
    expect(out).toBe('No runs match among those that could be read.\n');
  });

  it('exits 3 if a source fails', async () => {
    const world = fakeIo({ responses: { '/api/runs': new SourceError('auth', 'The token was refused (401).') } });
    expect(await runProgram(world.io, ['list', 'runs:https://host.example/api'])).toBe(3);
    expect(world.printed.err).toContain('The token was refused (401).');
  });

  it.each([
    {
      argv: ['--tab', 'attention', '--tenant', '7'],
      expected: [
        '/runs?status=queued,running&problem_class=active_stale_attention&tenant_id=7&limit=500',
        // No run has it as its id: it may be a name.
        '/runs?status=queued,running&problem_class=active_stale_attention&limit=500',
      ],
    },
    {
      argv: ['--tab', 'all', '-L', '9'],
      expected: ['/runs?status=queued,running&limit=500', '/runs?status=completed&limit=9'],
    },
  ])('requests no more from the source than $argv needs', async ({ argv, expected }) => {
    const asked: string[] = [];
    const world = fakeIo({ responses: { '/api/runs': { runs: [] } } });
    const connect: CliIo['connect'] = async (options) => {
      const connection = await world.io.connect(options);
      const listing = (): SourceFetch => (request) => {
        asked.push(request.url.replace('https://host.example/api', ''));
        return connection.fetch(request);
      };
      return { ...connection, listing };
    };
    await runProgram({ ...world.io, connect }, ['list', 'runs:https://host.example/api', ...argv]);
    expect(asked).toEqual(expected);
  });
});
