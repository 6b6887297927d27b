import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { formatInstant } from '@tardy/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };

// What the other tests cannot show: that the bundle which users get starts, splits and finds its parts. Needs a build.
const BIN = fileURLToPath(new URL('../bin/tardy.mjs', import.meta.url));

const minutesAgo = (minutes: number) => formatInstant(Date.now() - minutes * 60_000);
const stuck = {
  id: 'op_1',
  type: 'sync',
  title: 'Sync \u001b[31mred\n::error::forged',
  status: 'running',
  started_at: minutesAgo(60),
  heartbeat_at: minutesAgo(42),
};
let closed = false;

const server = createServer((request, response) => {
  const run = closed ? { ...stuck, status: 'completed', outcome: 'failed', ended_at: minutesAgo(0) } : stuck;
  const bodies: Readonly<Record<string, unknown>> = {
    '/api/runs': { runs: closed ? [] : [run] },
    '/api/runs/op_1': run,
  };
  const body = bodies[new URL(request.url ?? '/', 'http://host').pathname];
  response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body ?? { title: 'Not found' }));
});

async function tardy(...args: string[]) {
  const env = { ...process.env, NO_COLOR: '1', GITHUB_ACTIONS: '', GITLAB_CI: '', CI: '' };
  const run = promisify(execFile)(process.execPath, [BIN, ...args], { env });
  const { stdout, stderr } = await run.catch((error: unknown) => error as { stdout: string; stderr: string });
  const failure = await run.then(() => undefined).catch((error: unknown) => error as { code: number });
  return { code: failure?.code ?? 0, stdout, stderr };
}

describe('the built command line', () => {
  let source = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    source = `runs:http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  });
  afterAll(() => server.close());

  it('prints the version of its package', async () => {
    expect(await tardy('--version')).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });

  it('exits 1 for a stuck run over HTTP and sanitizes its title', async () => {
    const { code, stdout } = await tardy('check', source);
    expect(code).toBe(1);
    expect(stdout).toContain('Likely stuck');
    expect(stdout).toContain('No heartbeat for 42 min');
    expect(stdout).not.toContain('\u001b');
    expect(stdout).not.toMatch(/^::/m);
  });

  it.each(['true', 'head -n 0', 'sh -c "exec <&-; sleep 1"'])(
    'exits 1 for a stuck run even if its reader has gone: %s',
    async (reader) => {
      const script = `"$0" "$1" check "$2" --format text 2>/dev/null | ${reader}; echo "\${PIPESTATUS[0]}"`;
      const { stdout } = await promisify(execFile)('bash', ['-c', script, process.execPath, BIN, source]);
      expect(stdout).toBe('1\n');
    },
  );

  it('exits 0 once the run is closed', async () => {
    closed = true;
    const { code, stdout } = await tardy('check', source);
    closed = false;
    expect(code).toBe(0);
    expect(stdout).toContain('Nothing is late or stuck');
  });

  it('reads a policy, so the YAML parser is in the bundle', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tardy-built-'));
    const policy = join(folder, 'policy.yaml');
    writeFileSync(policy, 'version: 1\ndefaults:\n  silence: { late: 1h, stale: 2h }\n  run: { late: 3h }\n');
    const { code, stderr } = await tardy('check', source, '--policy', policy);
    rmSync(folder, { recursive: true });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it.each(['stdout', 'stderr'])('never exits 1 because %s is closed', async (stream) => {
    const redirection = stream === 'stdout' ? '| true' : '2>&1 >/dev/null | true';
    const script = `"$0" "$1" check nobody ${redirection}; echo "\${PIPESTATUS[0]}"`;
    const { stdout } = await promisify(execFile)('bash', ['-c', script, process.execPath, BIN]);
    expect(stdout).toBe('2\n');
  });

  it('shows a policy as YAML', async () => {
    const { code, stdout } = await tardy('policy', 'show');
    expect(code).toBe(0);
    expect(stdout).toContain('silence:');
  });

  it('exits 2 for a usage error, with the fix on stderr', async () => {
    const { code, stdout, stderr } = await tardy('check', 'nobody');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Unknown source "nobody"');
  });

  it('exits 3 if nothing responds', async () => {
    const { code, stderr } = await tardy('check', 'runs:http://127.0.0.1:1/api');
    expect(code).toBe(3);
    expect(stderr).toContain('could not be read');
  });

  it('says that a folder is no file', async () => {
    const { code, stderr } = await tardy('check', `file:${tmpdir()}`);
    expect({ code, stderr }).toEqual({ code: 2, stderr: `tardy: ${tmpdir()} is a folder, not a file.\n` });
  });

  it.runIf(existsSync('/dev/full'))('says that its output cannot be written, and is then not 0', async () => {
    closed = true;
    const script = `"$0" "$1" check "$2" 2>&1 >/dev/full; echo "$?"`;
    const { stdout } = await promisify(execFile)('bash', ['-c', script, process.execPath, BIN, source]);
    closed = false;
    expect(stdout).toBe('tardy: the output cannot be written: the disk is full.\n3\n');
  });

  it('runs by the line of the guide for cron, which knows few folders', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tardy-cron-'));
    symlinkSync(process.execPath, join(folder, 'node'));
    symlinkSync(BIN, join(folder, 'tardy'));
    writeFileSync(join(folder, 'config.yaml'), `sources: { host: '${source}' }\n`);
    const guide = readFileSync(new URL('../../../docs/guides/check-from-cron.md', import.meta.url), 'utf8');
    const [, path = '', line = ''] = /```crontab\nPATH=(.*)\n\*\/10 \* \* \* \* (.*)\n/.exec(guide) ?? [];
    const command = line.replace('/etc/tardy.config.yaml', join(folder, 'config.yaml'));
    const cron = promisify(execFile)('/bin/sh', ['-c', command], { env: { PATH: `${folder}:${path}` }, cwd: folder });
    const mail = await cron.catch((error: unknown) => error as { stdout: string; code: number });
    rmSync(folder, { recursive: true });
    expect(mail).toMatchObject({ code: 1, stdout: expect.stringContaining('Likely stuck') as string });
  });

  it('loads no format but the one that is printed', async () => {
    const dist = fileURLToPath(new URL('../dist/', import.meta.url));
    const main = readFileSync(join(dist, 'main.mjs'), 'utf8');
    expect(main).not.toMatch(/Handlebars|TARDY CRITICAL|testsuite/);
  });
});
