import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { SourceError } from '@tardy/core/sources';
import { UsageError } from './errors.js';
import { runProgram } from './program.js';
import { fakeIo } from './test-io.js';
import { connect } from './transport/connect.js';

// What people met on their first day: each row is a mistake that anybody makes, and what then helps.

const API = 'runs:https://host.example/api';
const EMPTY = JSON.stringify({ runs: [] });
const CONFIG = '/project/app/tardy.config.yaml';

async function failureOf(argv: readonly string[], world: Parameters<typeof fakeIo>[0] = {}): Promise<UsageError> {
  const failure = await runProgram(fakeIo(world).io, argv).catch((error: unknown) => error);
  if (!(failure instanceof UsageError)) throw new Error(`no usage error: ${String(failure)}`);
  return failure;
}

describe('a token', () => {
  it.each([
    { when: 'it ends with a line break', env: { TARDY_TOKEN: 's3cret\n' }, sent: { authorization: 'Bearer s3cret' } },
    { when: 'it is blank', env: { TARDY_TOKEN: ' \n' }, sent: {} },
  ])('is sent as it is meant when $when', async ({ env, sent }) => {
    const world = fakeIo({ env, responses: { '/api/runs': { runs: [] } } });
    expect(await runProgram(world.io, ['check', API])).toBe(0);
    expect(world.connections[0]?.credentials).toEqual(sent);
  });

  const actions = { GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'acme/web' };
  const gitlab = { GITLAB_CI: 'true', CI_PROJECT_PATH: 'acme/web' };
  it.each([
    { env: { ...actions, GITHUB_TOKEN: '', GH_TOKEN: 'of gh' }, sent: { authorization: 'Bearer of gh' } },
    { env: { ...actions, GITHUB_TOKEN: 't\n', GITHUB_API_URL: '' }, sent: { authorization: 'Bearer t' } },
    { env: { ...actions, GITHUB_TOKEN: '' }, sent: {} },
    { env: { ...gitlab, GITLAB_TOKEN: '\n', GITLAB_ACCESS_TOKEN: 'mine' }, sent: { authorization: 'Bearer mine' } },
    { env: { ...gitlab, GITLAB_TOKEN: '', CI_JOB_TOKEN: 'job\n' }, sent: { 'job-token': 'job' } },
    { env: { ...gitlab, CI_JOB_TOKEN: ' ' }, sent: {} },
  ])('of a CI job is found without an argument: $env', async ({ env, sent }) => {
    const world = fakeIo({ env });
    await runProgram(world.io, ['check']);
    expect(Object.entries(world.connections[0]?.credentials ?? {})).toEqual(Object.entries(sent));
  });
});

describe('a source that refuses access', () => {
  const refused = (code: 'auth' | 'forbidden' | 'not_found') => ({
    '/repos/acme/web/actions/runs': new SourceError(code, 'Refused.'),
  });
  it.each([
    {
      code: 'auth',
      env: {},
      says: 'Refused. It has no credential: set GITHUB_TOKEN or GH_TOKEN. It needs: actions: read.',
    },
    {
      code: 'forbidden',
      env: { GH_TOKEN: 'x' },
      says: 'Refused. The credential is from GH_TOKEN. It needs: actions: read.',
    },
    {
      code: 'not_found',
      env: { GITHUB_TOKEN: 'x' },
      says: 'The credential is from GITHUB_TOKEN. It needs: actions: read.',
    },
  ] as const)('names the variable and the missing right: $code', async ({ code, env, says }) => {
    const world = fakeIo({ env, responses: refused(code) });
    expect(await runProgram(world.io, ['check', 'github:acme/web'])).toBe(3);
    expect(world.printed.err).toContain(says);
  });

  it('names the reference of the config, and never the secret', async () => {
    const config = 'sources: { ci: { kind: github, repository: acme/web, token: "${env:CI_TOKEN}" } }\n';
    const world = fakeIo({ env: { CI_TOKEN: 's3cret' }, files: { [CONFIG]: config }, responses: refused('auth') });
    expect(await runProgram(world.io, ['check', '--config', 'tardy.config.yaml'])).toBe(3);
    expect(world.printed.err).toContain('The credential is from ${env:CI_TOKEN}.');
    expect(world.printed.err).not.toContain('s3cret');
  });
});

describe('what was probably meant', () => {
  it.each([
    { written: 'runs.json', meant: 'file:runs.json' },
    { written: 'https://github.com/acme/web/actions', meant: 'github:acme/web' },
    { written: 'https://github.com/acme/web.git', meant: 'github:acme/web' },
    { written: 'https://gitlab.com/acme/group/web/-/pipelines', meant: 'gitlab:acme/group/web' },
  ])('by $written is $meant, which stderr says', async ({ written, meant }) => {
    const world = fakeIo({ files: { '/project/app/runs.json': EMPTY } });
    await runProgram(world.io, ['check', written]);
    expect(world.printed.err).toContain(`tardy: ${written} is read as ${meant}.\n`);
  });

  it.each([
    { written: 'gihub:a/b', says: 'Did you mean github:?' },
    { written: 'jekins:https://ci.example', says: 'Did you mean jenkins:?' },
    { written: 'githbu:a/b', says: 'Did you mean github:?' },
    { written: 'https://ana:s3cret@github.com/a/b', says: 'URL' },
    { written: 'https://ci.example/a/b', says: 'Say what kind of API it is' },
  ])('by $written is not guessed, but said', async ({ written, says }) => {
    expect((await failureOf(['check', written])).message).toContain(says);
  });

  it('is never taken for the name of a source in the config', async () => {
    const files = { [CONFIG]: 'sources: { runs.json: "file:other.json" }\n', '/project/app/other.json': EMPTY };
    const world = fakeIo({ files });
    expect(await runProgram(world.io, ['check', 'runs.json'])).toBe(0);
    expect(world.printed.err).not.toContain('is read as');
  });
});

describe('the command line', () => {
  it.each([
    { argv: [], says: 'A command is missing.', hint: '  tardy check    Read active runs' },
    { argv: ['policy'], says: 'A command is missing.', hint: '  tardy policy explain  Print each threshold' },
    {
      argv: ['check', '--jsn'],
      says: 'Did you mean --json?',
      hint: 'Usage: tardy check [options] [source...]\nSee tardy check --help.',
    },
    { argv: ['policy', 'tset'], says: "unknown command 'tset'", hint: 'See tardy policy --help.' },
    {
      argv: ['show', 'ci'],
      says: "missing required argument 'run-id'",
      hint: 'Usage: tardy show [options] <source> <run-id>',
    },
  ])('says what is wrong with $argv, and how that command is written', async ({ argv, says, hint }) => {
    const failure = await failureOf(argv);
    expect(failure.message).toContain(says);
    expect(failure.hint).toContain(hint);
  });

  it('has examples and a link in its help', async () => {
    const world = fakeIo();
    await runProgram(world.io, ['--help']);
    expect(world.printed.out).toMatch(/Examples:\n {2}tardy check github:acme\/web .*\n[^]*\nDocumentation: https:/);
  });

  it('says that it waits for the keyboard', async () => {
    const typed = fakeIo({ stdin: EMPTY, stdinIsTty: true });
    await runProgram(typed.io, ['check', '-']);
    expect(typed.printed.err).toBe('tardy: reading runs from the keyboard; Ctrl-D ends them.\n');
    const piped = fakeIo({ stdin: EMPTY });
    await runProgram(piped.io, ['check', '-']);
    expect(piped.printed.err).toBe('');
  });
});

describe('a config', () => {
  it.each([
    { text: 'version: 2', says: '  version: it must be 1' },
    { text: 'versoin: 1', says: '  versoin: unknown field' },
    { text: 'sources: [a]', says: '  sources: it must be a list of keys with values' },
    { text: 'sources: { ci: { repository: a/b } }', says: '  sources.ci.kind: it is missing; write text' },
    { text: 'sources: { ci: { kind: github, token: 7 } }', says: '  sources.ci.token: it must be text' },
    { text: 'sources: { ci: 7 }', says: '  sources.ci: it has none of the forms that it may have' },
    { text: 'sources: { "a b": "file:x" }', says: '  sources.a b: ' },
    { text: 'policy: 7', says: '  policy: it has none of the forms' },
    { text: 'time_zone: Mars/Base', says: '  time_zone: it must be a time zone such as Europe/Berlin' },
    { text: 'sources: { ci: { kind: github, repo: a/b } }', says: '  repo: unknown field' },
    { text: 'sources: { ci: { kind: github, repository: 7 } }', says: '  repository: it must be text' },
  ])('$text is refused in the words of the policy file', async ({ text, says }) => {
    const { message } = await failureOf(['check', '-c', 'tardy.config.yaml'], { files: { [CONFIG]: `${text}\n` } });
    expect(message).toContain(says);
    expect(message).not.toMatch(/Invalid input|expected|received|Unrecognized/);
  });

  it('needs no version', async () => {
    const files = { [CONFIG]: 'sources: { here: "file:runs.json" }\n', '/project/app/runs.json': EMPTY };
    expect(await runProgram(fakeIo({ files }).io, ['check'])).toBe(0);
  });

  it('beside another one is refused, and both are named', async () => {
    const files = { [CONFIG]: 'version: 1\n', '/project/app/tardy.config.json': '{}' };
    const { message } = await failureOf(['check', 'file:x'], { files });
    expect(message).toContain(`${CONFIG} and /project/app/tardy.config.json lie side by side`);
  });
});

describe('a connection that cannot be made', () => {
  it('names the proxy that does not answer, and its variable', async () => {
    const world = fakeIo();
    const before = process.env['HTTP_PROXY'];
    process.env['HTTP_PROXY'] = '127.0.0.1:1';
    try {
      expect(
        await runProgram({ ...world.io, connect }, ['check', 'runs:http://a.example/api', '--timeout', '2s']),
      ).toBe(3);
    } finally {
      if (before === undefined) delete process.env['HTTP_PROXY'];
      else process.env['HTTP_PROXY'] = before;
    }
    expect(world.printed.err).toContain('the proxy 127.0.0.1:1 (HTTP_PROXY)');
  });

  it('says that there is no TLS at a port of HTTP', async () => {
    const server = createServer((_request, response) => void response.end('{}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const world = fakeIo();
    const source = `runs:https://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
    expect(await runProgram({ ...world.io, connect }, ['check', source, '--timeout', '2s'])).toBe(3);
    server.close();
    expect(world.printed.err).toContain('there is no TLS at this port. Is it meant to be http://?');
  });
});
