import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parse as parsePath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatInstant } from '@tardy/core';
import { parseAllDocuments } from 'yaml';
import { describe, expect, it } from 'vitest';
import { runProgram } from './program.js';
import { serveCommand } from './serve/serve.js';
import { fakeIo, NOON } from './test-io.js';

// What is deployed runs commands that there are, with the config that comes with it, and the guide names what is there.

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string) => readFileSync(`${ROOT}${path}`, 'utf8');

type Container = { readonly args: readonly string[]; readonly volumeMounts: readonly { readonly mountPath: string }[] };
type Pod = { readonly spec: { readonly containers: readonly Container[] } };
type Manifest = {
  readonly kind: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly resources?: readonly string[];
  readonly spec?: { readonly template?: Pod; readonly jobTemplate?: { readonly spec: { readonly template: Pod } } };
};

const manifests = (file: string) =>
  parseAllDocuments(read(`deploy/kubernetes/${file}`)).map((document) => document.toJS() as Manifest);
const found = <T>(all: readonly T[], is: (one: T) => boolean): T => {
  const one = all.find(is);
  if (one === undefined) throw new Error('missing');
  return one;
};
const config = found(manifests('config.yaml'), ({ kind }) => kind === 'ConfigMap').data?.['tardy.config.yaml'] ?? '';
const secrets = found(manifests('config.yaml'), ({ kind }) => kind === 'Secret').stringData ?? {};
const containerOf = (manifest: Manifest) =>
  found((manifest.spec?.jobTemplate?.spec.template ?? manifest.spec?.template)?.spec.containers ?? [], () => true);

/** Runs a check as it is deployed: its config and the host that it names are there. */
async function check(argv: readonly string[]) {
  const world = fakeIo({
    env: { ...secrets },
    files: { '/etc/tardy/tardy.config.yaml': config },
    responses: { '/api/runs?status=queued,running&limit=500': { runs: [], now: formatInstant(NOON) } },
  });
  return { code: await runProgram(world.io, argv), ...world.printed, written: [...world.written.keys()] };
}

describe('deploy/kubernetes', () => {
  it('checks, and keeps its state on the volume', async () => {
    const { args, volumeMounts } = containerOf(found(manifests('check.yaml'), ({ kind }) => kind === 'CronJob'));
    const { code, err, written } = await check(args);
    expect({ code, err }).toEqual({ code: 0, err: expect.not.stringContaining('error') });
    expect(written).toEqual(['/var/lib/tardy/state.json']);
    expect(volumeMounts.map(({ mountPath }) => mountPath)).toEqual(['/etc/tardy', '/var/lib/tardy']);
  });

  it('serves with flags that serve has', async () => {
    const { args } = containerOf(found(manifests('serve.yaml'), ({ kind }) => kind === 'Deployment'));
    expect(args[0]).toBe('serve');
    const tasks: unknown[] = [];
    const command = serveCommand((task) => tasks.push(task));
    await command.exitOverride().parseAsync(args.slice(1), { from: 'user' });
    expect(tasks).toHaveLength(1);
  });

  it('lists every manifest in its kustomization', () => {
    const files = readdirSync(`${ROOT}deploy/kubernetes`).filter((file) => file !== 'kustomization.yaml');
    const [kustomization] = manifests('kustomization.yaml');
    expect([...(kustomization?.resources ?? [])].sort()).toEqual(files.sort());
  });
});

it('the systemd service checks with a config that is named', async () => {
  const [, words = ''] =
    /^ExecStart=\/usr\/local\/bin\/tardy (.*)$/m.exec(read('deploy/systemd/tardy-check.service')) ?? [];
  expect(await check(words.split(' '))).toMatchObject({ code: 0 });
});

describe('the guide', () => {
  const guide = read('docs/guides/deploy.md');

  it('names scripts and files that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
    const named = Array.from(guide.matchAll(/npm run ([\w:]+)/g), ([, name = '']) => name);
    expect(named).toContain('pack');
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
    const paths = Array.from(guide.matchAll(/\bdeploy\/[\w/.-]*\w/g), ([path]) => path);
    expect(paths.length).toBeGreaterThan(4);
    const missing = paths.filter((path) => {
      const { dir, base } = parsePath(`${ROOT}${path}`);
      return !existsSync(`${dir}/${base}`) && !readdirSync(dir).some((file) => file.startsWith(base));
    });
    expect(missing).toEqual([]);
  });
});
