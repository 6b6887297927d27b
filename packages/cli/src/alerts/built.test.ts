import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatInstant } from '@tardy/core';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

// What only real processes show: two at once, one that is stopped while it sends, and the commands of the guide. Needs a build.
const BIN = fileURLToPath(new URL('../../bin/tardy.mjs', import.meta.url));
const GUIDE = readFileSync(new URL('../../../../docs/guides/alert-once.md', import.meta.url), 'utf8');

const minutesAgo = (minutes: number) => formatInstant(Date.now() - minutes * 60_000);
const stuck = {
  id: 'op_42',
  type: 'sync',
  title: 'Sync directory',
  status: 'running',
  started_at: minutesAgo(100),
  heartbeat_at: minutesAgo(42),
};

type Result = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** One server is the source, Slack and PagerDuty, another one the mail server. */
class World {
  listed: readonly object[] = [stuck];
  byId: object | undefined = stuck;
  readonly posts: { readonly path: string; readonly body: unknown }[] = [];
  readonly mails: string[] = [];
  /** Called instead of a response. */
  hang: (() => void) | undefined;
  folder = '';
  url = '';
  #http: Server | undefined;
  #smtp: SMTPServer | undefined;
  mailPort = 0;

  async start(): Promise<void> {
    this.folder = mkdtempSync(join(tmpdir(), 'tardy-alerts-'));
    const http = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => void chunks.push(chunk));
      request.on('end', () => {
        const { pathname } = new URL(request.url ?? '/', 'http://host');
        if (request.method === 'POST') {
          this.posts.push({ path: pathname, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown });
          if (this.hang !== undefined) return this.hang();
          return void response.writeHead(200).end('ok');
        }
        const body =
          pathname === '/api/runs' ? { runs: this.listed } : pathname === '/api/runs/op_42' ? this.byId : undefined;
        response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body ?? { title: 'Not found' }));
      });
    });
    this.#http = http;
    await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, _session, callback) => {
        let text = '';
        stream.setEncoding('utf8').on('data', (chunk: string) => void (text += chunk));
        stream.on('end', () => {
          this.mails.push(text);
          callback();
        });
      },
    });
    this.#smtp = smtp;
    this.mailPort = await new Promise<number>((resolve) => {
      const listening = smtp.listen(0, '127.0.0.1', () => resolve((listening.address() as AddressInfo).port));
    });
    // As after an installation: tardy is on the path.
    const shim = join(this.folder, 'bin/tardy');
    mkdirSync(join(this.folder, 'bin'));
    writeFileSync(shim, `#!/bin/sh\nexec ${JSON.stringify(process.execPath)} ${JSON.stringify(BIN)} "$@"\n`);
    chmodSync(shim, 0o755);
  }

  async stop(): Promise<void> {
    this.#http?.closeAllConnections();
    await new Promise((resolve) => this.#http?.close(resolve));
    await new Promise<void>((resolve) => this.#smtp?.close(() => resolve()));
    rmSync(this.folder, { recursive: true });
  }

  spawn(command: string): { readonly child: ChildProcess; readonly ended: Promise<Result> } {
    const child = spawn('bash', ['-ec', command], {
      cwd: this.folder,
      detached: true,
      env: {
        ...process.env,
        PATH: `${join(this.folder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
        CI: '',
        GITHUB_ACTIONS: '',
        GITLAB_CI: '',
        TARDY_CONFIG: '',
        SLACK_WEBHOOK_URL: `${this.url}/slack/s3cret-hook`,
        PAGERDUTY_ROUTING_KEY: 's3cret-key',
      },
    });
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => void (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => void (stderr += text));
    const ended = new Promise<Result>((resolve) => void child.on('close', (code) => resolve({ code, stdout, stderr })));
    return { child, ended };
  }

  run(command: string): Promise<Result> {
    return this.spawn(command).ended;
  }
}

const world = new World();
beforeAll(() => world.start());
afterAll(() => world.stop());
beforeEach(() => {
  world.posts.length = 0;
  world.mails.length = 0;
  world.listed = [stuck];
  world.byId = stuck;
  world.hang = undefined;
});

function writeConfig(name: string): string {
  const text = `version: 1\nsources: { host: 'runs:${world.url}/api' }\ntargets:\n  chat: { kind: slack, url: '\${env:SLACK_WEBHOOK_URL}' }\n`;
  writeFileSync(join(world.folder, name), text);
  return `tardy notify --config ${name} --confirm-after 0s`;
}

describe('several processes', () => {
  it('send one message between them', async () => {
    const notify = `${writeConfig('many.yaml')} --state many.json`;
    const results = await Promise.all(Array.from({ length: 4 }, () => world.run(notify)));
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(results.map(({ stdout }) => stdout).sort()).toEqual([
      'chat: nothing to send\n',
      'chat: nothing to send\n',
      'chat: nothing to send\n',
      'chat: sent 1 new\n',
    ]);
    expect(world.posts).toHaveLength(1);
    expect(existsSync(join(world.folder, 'many.json.lock'))).toBe(false);
  });

  it('release the state when they are stopped, and the next one sends what was not confirmed', async () => {
    const notify = `exec ${writeConfig('stopped.yaml')} --state stopped.json`;
    const sending = new Promise<void>((resolve) => void (world.hang = resolve));
    const { child, ended } = world.spawn(notify);
    await sending;
    expect(existsSync(join(world.folder, 'stopped.json.lock'))).toBe(true);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(143);
    expect(existsSync(join(world.folder, 'stopped.json.lock'))).toBe(false);
    world.hang = undefined;
    expect(await world.run(notify)).toMatchObject({ code: 0, stdout: 'chat: sent 1 new\n' });
    expect(world.posts).toHaveLength(2);
  });
});

/** The passages of the guide in a language, with paths and servers of this test. */
function passages(language: string): readonly string[] {
  return [...GUIDE.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(([, text = '']) =>
    text
      .replaceAll('/etc/tardy', join(world.folder, 'etc'))
      .replaceAll('/var/lib/tardy', join(world.folder, 'state'))
      .replaceAll('https://host.example', world.url)
      .replaceAll('    host: smtp.example.com', `    host: 127.0.0.1\n    port: ${world.mailPort}\n    security: none`)
      .replaceAll('    kind: pagerduty', `    kind: pagerduty\n    url: ${world.url}`),
  );
}

describe('the guide "Alert once"', () => {
  it('shows commands that alert once, remind, and say when it is over', async () => {
    const [config = '', , acknowledgements = ''] = passages('yaml');
    const [dryRun = '', notify = '', acknowledged = '', mail = ''] = passages('sh');
    mkdirSync(join(world.folder, 'etc'));
    mkdirSync(join(world.folder, 'state'));
    writeFileSync(join(world.folder, 'etc/tardy.config.yaml'), config);
    writeFileSync(join(world.folder, 'etc/acknowledgements.yaml'), acknowledgements);

    const preview = await world.run(dryRun);
    expect(preview).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(preview.stdout)).toHaveLength(3);
    expect(preview.stdout).not.toContain('s3cret');
    expect(world.posts).toEqual([]);

    const shown = /^```console\n([^]*?)^```/m.exec(GUIDE)?.[1];
    expect(await world.run(notify)).toEqual({ code: 0, stdout: shown, stderr: '' });
    expect(world.posts).toMatchObject([
      { path: '/slack/s3cret-hook', body: { text: 'Likely stuck: Sync directory' } },
      { path: '/v2/enqueue', body: { event_action: 'trigger' } },
    ]);
    expect(world.mails).toHaveLength(1);
    expect(world.mails[0]).toMatch(/^Subject: Likely stuck: Sync directory\r$/m);

    const again = await world.run(notify);
    expect(again.stdout.match(/nothing to send/g)).toHaveLength(3);
    expect(world.posts).toHaveLength(2);

    const environment = `SLACK_WEBHOOK_URL='${world.url}/slack/s3cret-hook'\nPAGERDUTY_ROUTING_KEY='s3cret-key'\n`;
    writeFileSync(join(world.folder, 'etc/environment'), environment);
    const cron = /^\*\/5 \* \* \* \* (.*)$/m.exec(passages('crontab')[0] ?? '')?.[1] ?? '';
    writeFileSync(join(world.folder, 'cron.sh'), cron);
    const fromCron = await world.run('exec env -u SLACK_WEBHOOK_URL -u PAGERDUTY_ROUTING_KEY sh cron.sh');
    expect(fromCron).toEqual({ code: 0, stdout: '', stderr: '' });

    // Four hours later only the chat wants a reminder.
    const state = join(world.folder, 'state/tardy-state.json');
    writeFileSync(state, readFileSync(state, 'utf8').replaceAll(/("at": )"[^"]+"/g, `$1"${minutesAgo(4 * 60)}"`));
    expect((await world.run(notify)).stdout).toBe(
      'ops-chat: sent 1 reminder\nops-mail: nothing to send\non-call: nothing to send\n',
    );

    expect(await world.run(acknowledged)).toMatchObject({ code: 0 });
    expect((await world.run(mail)).code).toBe(1);
    expect((await world.run(mail)).code).toBe(0);

    world.listed = [];
    world.byId = { ...stuck, status: 'completed', outcome: 'succeeded', ended_at: minutesAgo(0) };
    expect((await world.run(notify)).stdout).toBe(
      'ops-chat: sent 1 recovered\nops-mail: sent 1 recovered\non-call: sent 1 recovered\n',
    );
    expect(world.posts.at(-1)).toMatchObject({ path: '/v2/enqueue', body: { event_action: 'resolve' } });
    expect(world.mails).toHaveLength(2);
  });
});
