import { loadPolicy } from '@tardy/core/schema';
import { SOURCE_KINDS, sourceKind } from '@tardy/core/sources';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../config/config.js';
import { parseYaml } from '../config/parse-yaml.js';
import { UsageError } from '../errors.js';
import { runProgram } from '../program.js';
import { fakeIo } from '../test-io.js';
import { servicesIn } from './compose-services.js';
import { remotesIn } from './git-remote.js';
import { runInit } from './init.js';
import { lookAround } from './look-around.js';

const CONFIG = '/project/app/tardy.config.yaml';
const POLICY = '/project/app/tardy.policy.yaml';

const COMPOSE = `services:
  web:
    image: docker.io/apache/airflow:3.0.2-python3.12
    ports: ['127.0.0.1:8081:8080', '9000:9000']
  hidden: { image: n8nio/n8n }
  flows: { image: 'n8nio/n8n:1.90@sha256:abc', ports: [{ target: 5678, published: '5679' }] }
  db: { image: postgres:17, ports: ['5432:5432'] }
`;
const GIT = `[core]
  bare = false
[remote "fork"]
  url = https://dana:s3cret@github.com/dana/web.git
[remote "origin"]
  url = git@github.com:acme/web.git
[branch "main"]
  remote = origin
`;
const KUBE = JSON.stringify({
  'current-context': 'prod',
  contexts: [{ name: 'prod', context: { cluster: 'prod' } }],
  clusters: [{ name: 'prod', cluster: { server: 'https://k8s.example' } }],
});

async function init(world: Parameters<typeof fakeIo>[0], argv: readonly string[] = ['--yes']) {
  const { io, printed, written } = fakeIo(world);
  const code = await runProgram(io, ['init', ...argv]);
  const text = written.get(CONFIG) ?? '';
  const config = await parseConfig({ path: CONFIG, text, confinedTo: undefined });
  return { code, printed, text, policy: written.get(POLICY) ?? '', sources: Object.fromEntries(config.sources) };
}

describe('init', () => {
  it('finds what is around and writes a config that can be read', async () => {
    const { code, sources, text, printed } = await init({
      env: { GITHUB_TOKEN: 's3cret', PREFECT_API_URL: 'https://prefect.example/api', KUBECONFIG: '/kube' },
      files: { '/project/.git/config': GIT, '/project/app/docker-compose.yml': COMPOSE, '/kube': KUBE },
    });
    expect(code).toBe(0);
    expect(sources).toMatchObject({
      github: { kind: 'github', config: { repository: 'acme/web' }, token: '${env:GITHUB_TOKEN}' },
      'github-2': { kind: 'github', config: { repository: 'dana/web' } },
      prefect: { kind: 'prefect', config: { url: 'https://prefect.example/api' }, token: undefined },
      airflow: { kind: 'airflow', config: { url: 'http://localhost:8081' } },
      n8n: { kind: 'n8n', config: { url: 'http://localhost:5679' } },
    });
    expect(Object.keys(sources)).toHaveLength(5);
    // What may be another project's is offered, and not assumed.
    expect(text).toContain('# kubernetes: "kubernetes:"');
    expect(text).not.toContain('s3cret');
    expect(printed.out).toContain('Next: tardy doctor');
  });

  it('recognises the repository of a CI job', async () => {
    const env = { GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'acme/web', GITHUB_TOKEN: 'x' };
    const { sources, printed } = await init({ env });
    expect(sources).toMatchObject({ github: { config: { repository: 'acme/web' }, token: '${env:GITHUB_TOKEN}' } });
    expect(printed.out).toContain('the job runs in acme/web');
  });

  it('writes an empty config with examples where nothing is around', async () => {
    const { sources, text, printed } = await init({});
    expect(sources).toEqual({});
    expect(text).toContain('# For example:');
    expect(printed.out).toContain('No source was found');
  });

  it('writes a policy that changes nothing, whose comments are valid if they are taken in', async () => {
    const { policy } = await init({});
    const builtIn = loadPolicy({ version: 1 }).document;
    expect(loadPolicy(await parseYaml(policy, POLICY)).document).toEqual(builtIn);
    const uncommented = policy.replaceAll(/^# (?=defaults|rules| {2})/gm, '');
    const taken = loadPolicy(await parseYaml(uncommented, POLICY)).document;
    expect(taken.defaults).toEqual(builtIn.defaults);
    expect(taken.rules).toHaveLength(1);
  });

  it.each([CONFIG, POLICY])('does not replace %s, unless that is said', async (path) => {
    const world = { files: { [path]: 'mine' } };
    const { io, written } = fakeIo(world);
    await expect(runProgram(io, ['init', '--yes'])).rejects.toThrow('is there already');
    expect(written.size).toBe(0);
    expect((await init(world, ['--yes', '--force'])).code).toBe(0);
  });

  it('asks on a terminal, writes what was chosen, and nothing after Ctrl-C', async () => {
    const world = { env: { KUBECONFIG: '/kube' }, files: { '/kube': KUBE, '/project/.git/config': GIT } };
    const fake = fakeIo(world);
    const tty = { ...fake.io.stdout, isTty: true };
    const io = { ...fake.io, stdout: tty, stderr: { ...fake.io.stderr, isTty: true } };
    const options = { yes: false, force: false };
    expect(await runInit(io, options, async () => undefined)).toBe(130);
    expect(fake.written.size).toBe(0);
    expect(await runInit(io, options, async (found) => found.filter(({ kind }) => kind === 'kubernetes'))).toBe(0);
    const config = await parseConfig({ path: CONFIG, text: fake.written.get(CONFIG) ?? '', confinedTo: undefined });
    expect([...config.sources]).toEqual([['kubernetes', 'kubernetes:']]);
  });

  it('asks nobody where there is no terminal', async () => {
    const failure = await runProgram(fakeIo().io, ['init']).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect((failure as UsageError).hint).toContain('--yes');
  });

  it('survives files that are broken or hostile', async () => {
    const files = {
      '/project/.git/config':
        '[remote "origin"]\n  url = git@github.com:acme/"web.git\n[remote "a"]\n url = ../local\n',
      '/project/app/compose.yaml': 'services: [',
      '/kube': '{',
    };
    const { sources } = await init({ env: { KUBECONFIG: '/kube' }, files });
    expect(sources).toEqual({});
  });
});

describe('a git remote', () => {
  it.each([
    ['git@github.com:acme/web.git', { host: 'github.com', path: 'acme/web' }],
    ['https://github.com/acme/web', { host: 'github.com', path: 'acme/web' }],
    ['ssh://git@GitLab.example:2222/group/sub/project.git/', { host: 'gitlab.example', path: 'group/sub/project' }],
    ['https://user:token@codeberg.org/a/b.git', { host: 'codeberg.org', path: 'a/b' }],
  ])('%s', (url, expected) => {
    expect(remotesIn(`[remote "origin"]\n\turl = ${url}\n`)).toEqual([expected]);
  });

  it.each(['/srv/git/web.git', 'file:///srv/git/web', 'C:\\repos\\web', 'github.com'])('%s leads nowhere', (url) => {
    expect(remotesIn(`[remote "origin"]\n\turl = ${url}\n`)).toEqual([]);
  });
});

describe('what the kinds of source leave behind', () => {
  it.each([
    ['github.com', 'github'],
    ['gitlab.com', 'gitlab'],
    ['gitlab.example', 'gitlab'],
    ['codeberg.org', 'gitea'],
  ])('a remote on %s is read as %s, with a config that is valid', async (host, kind) => {
    const files = { '/project/.git/config': `[remote "origin"]\n url = https://${host}/acme/web.git\n` };
    const [found] = await lookAround(fakeIo({ files }).io);
    expect(found?.kind).toBe(kind);
    await expect(sourceKind(kind).open('x', found?.config)).resolves.toBeDefined();
  });

  it('has a port and a config of one URL for each image', async () => {
    const kinds = Object.values(SOURCE_KINDS).filter(({ traces }) => traces?.image !== undefined);
    expect(kinds.length).toBeGreaterThan(5);
    for (const kind of kinds) await expect(kind.open('x', { url: 'http://localhost:1' })).resolves.toBeDefined();
    expect(servicesIn({ services: { a: { image: 'evil/apache/airflow', ports: ['8080:8080'] } } }, kinds)).toEqual([]);
  });
});
