import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { readCommonOptions } from '../read/common-options.js';
import { runProgram } from '../program.js';
import { fakeIo } from '../test-io.js';
import { runOpen } from './open.js';

const CONFIG = `version: 1
sources:
  first: { kind: runs, url: https://a.example/one }
  billing: { kind: runs, url: https://b.example/two }
`;
const row = (id: string, more: Readonly<Record<string, unknown>> = {}) => ({
  id,
  type: 'sync',
  title: `Sync ${id}`,
  status: 'running',
  source: 'eu host',
  url: `https://host.example/runs/${id}`,
  ...more,
});

function world(env: Readonly<Record<string, string>> = { TARDY_CONFIG: 'tardy.config.yaml' }) {
  return fakeIo({
    env,
    files: { '/project/app/tardy.config.yaml': CONFIG },
    responses: {
      '/two/runs/op_1': row('op_1'),
      '/two/runs/plain': row('plain', { url: undefined }),
      '/one/runs/other': row('other', { source: 'us host' }),
    },
  });
}

const options = (source: string, runId: string, print = false) => ({
  ...readCommonOptions({ timeout: '60s', maxClockOffset: '5m', allowHost: [] }),
  source,
  runId,
  print,
});

describe('open', () => {
  it('opens the link of the run and prints it', async () => {
    const { io, printed } = world();
    const opened: string[] = [];
    const code = await runOpen(io, options('billing', 'op_1'), async (url) => void opened.push(url));
    expect([code, opened, printed.out]).toEqual([
      0,
      ['https://host.example/runs/op_1'],
      'https://host.example/runs/op_1\n',
    ]);
  });

  it('only prints it with --print', async () => {
    const { io, printed } = world();
    expect(await runProgram(io, ['open', '--print', 'billing', 'op_1'])).toBe(0);
    expect(printed.out).toBe('https://host.example/runs/op_1\n');
  });

  it.each([
    ['billing', 'plain', 'The run has no page'],
    ['billing', 'none', 'billing has no run "none"'],
    ['us host', 'op_1', 'no source of /project/app/tardy.config.yaml has a run op_1 of it'],
  ])('refuses %s %s', async (source, id, says) => {
    const failure = await runOpen(world().io, options(source, id), async () => {}).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect((failure as UsageError).message).toContain(says);
  });
});

describe('what check prints as the source of a run', () => {
  it.each(['show', 'open'])('can be pasted into %s, although it is a name that the host gave', async (command) => {
    const { io, printed } = world();
    const argv = command === 'show' ? ['show', 'eu host', 'op_1'] : ['open', '--print', 'eu host', 'op_1'];
    expect(await runProgram(io, argv)).toBe(0);
    expect(printed.out).toContain('op_1');
  });

  it('is not searched for without a config', async () => {
    const { io } = world({});
    await expect(runProgram(io, ['show', 'host', 'op_1'])).rejects.toThrow(
      /Unknown source "host"|has no source|no source/,
    );
  });
});
