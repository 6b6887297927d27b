import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { fakeIo } from '../test-io.js';
import { findConfig } from './find-config.js';

const TEXT = 'version: 1\n';
type World = Parameters<typeof fakeIo>[0];
const find = (world: World, path?: string) => findConfig(fakeIo(world).io, path);

describe('findConfig', () => {
  it.each<{ when: string; files: Readonly<Record<string, string>>; expected: string | undefined; confinedTo?: string }>(
    [
      {
        when: 'it is in the folder',
        files: { '/project/app/tardy.config.yaml': TEXT },
        expected: '/project/app/tardy.config.yaml',
        confinedTo: '/project/app',
      },
      {
        when: 'it is above',
        files: { '/project/tardy.config.json': TEXT },
        expected: '/project/tardy.config.json',
        confinedTo: '/project',
      },
      {
        when: 'it is at the root of the repository',
        files: { '/project/tardy.config.yml': TEXT, '/project/.git/HEAD': '' },
        expected: '/project/tardy.config.yml',
        confinedTo: '/project',
      },
      {
        when: 'it is within the repository',
        files: { '/project/app/tardy.config.yml': TEXT, '/project/.git/HEAD': '' },
        expected: '/project/app/tardy.config.yml',
        confinedTo: '/project',
      },
      {
        when: 'it is above the root of the repository',
        files: { '/tardy.config.yaml': TEXT, '/project/.git/HEAD': '' },
        expected: undefined,
      },
      {
        when: 'a work tree has a file for its .git',
        files: { '/tardy.config.yaml': TEXT, '/project/app/.git': '' },
        expected: undefined,
      },
      { when: 'there is none', files: {}, expected: undefined },
    ],
  )('looks upward, no further than the root of the repository: $when', async ({ files, expected, confinedTo }) => {
    const { file, unused } = await find({ files });
    expect(file?.path).toBe(expected);
    expect(file?.confinedTo).toBe(confinedTo);
    expect(unused).toBeUndefined();
  });

  it.each<{ when: string; path?: string; env?: Readonly<Record<string, string>> }>([
    { when: '--config names it', path: 'own.yaml' },
    { when: 'TARDY_CONFIG names it', env: { TARDY_CONFIG: '/project/app/own.yaml' } },
    { when: '--config names it and TARDY_CONFIG another', path: 'own.yaml', env: { TARDY_CONFIG: 'other.yaml' } },
  ])('trusts a config that is named, in CI too: $when', async ({ path, env }) => {
    const files = { '/project/app/own.yaml': TEXT, '/project/app/tardy.config.yaml': TEXT };
    const access = { '/project/app/own.yaml': { ownedByOthers: true } };
    const { file } = await find({ files, access, env: { CI: 'true', ...env } }, path);
    expect(file).toEqual({ path: '/project/app/own.yaml', text: TEXT, confinedTo: undefined });
  });

  it.each<{ env: Readonly<Record<string, string>> }>([
    { env: { CI: 'true' } },
    { env: { GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'acme/web' } },
    { env: { GITLAB_CI: 'true', CI_PROJECT_PATH: 'acme/web' } },
  ])('uses no config in CI that nobody named: $env', async ({ env }) => {
    const files = { '/project/tardy.config.yaml': TEXT };
    expect(await find({ files, env })).toEqual({ file: undefined, unused: '/project/tardy.config.yaml' });
  });

  it.each([
    { path: '/project/tardy.config.yaml', access: { ownedByOthers: true }, says: 'belongs to another user' },
    { path: '/project/tardy.config.yaml', access: { writableByAll: true }, says: 'can be changed by every user' },
    { path: '/project', access: { writableByAll: true }, says: 'every user can write to' },
  ])('refuses a config that $says', async ({ path, access, says }) => {
    const failure = await find({ files: { '/project/tardy.config.yaml': TEXT }, access: { [path]: access } }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(UsageError);
    expect(String(failure)).toContain(says);
  });
});
