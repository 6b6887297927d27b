import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lockFile } from './lock-file.js';

const folder = mkdtempSync(join(tmpdir(), 'tardy-lock-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('lockFile', () => {
  it('gives a path to one holder at a time, whether it exists or not', async () => {
    const path = join(folder, 'a.json');
    const first = await lockFile(path);
    expect(first?.held()).toBe(true);
    expect(await lockFile(path)).toBeUndefined();
    await first?.release();
    expect(first?.held()).toBe(false);
    const second = await lockFile(path);
    expect(second?.held()).toBe(true);
    await second?.release();
  });

  it('takes two paths that lead to one file for the same', async () => {
    const path = join(folder, 'b.json');
    writeFileSync(path, '');
    symlinkSync(path, join(folder, 'link.json'));
    const first = await lockFile(path);
    expect(await lockFile(join(folder, 'link.json'))).toBeUndefined();
    await first?.release();
  });

  it.each([
    { secondsAgo: 25, taken: false },
    { secondsAgo: 35, taken: true },
  ])('takes over what a killed process left $secondsAgo s ago: $taken', async ({ secondsAgo, taken }) => {
    const path = join(folder, `left-${secondsAgo}.json`);
    mkdirSync(`${path}.lock`);
    const at = Date.now() / 1000 - secondsAgo;
    utimesSync(`${path}.lock`, at, at);
    const lock = await lockFile(path);
    expect(lock !== undefined).toBe(taken);
    await lock?.release();
  });

  it('is released by a process that ends without doing so', async () => {
    const path = join(folder, 'ended.json');
    const script = `import lockfile from 'proper-lockfile'; await lockfile.lock(process.argv[1], { realpath: false }); process.exit(0);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, path], { cwd: import.meta.dirname });
    await new Promise((resolve) => child.on('close', resolve));
    const lock = await lockFile(path);
    expect(lock?.held()).toBe(true);
    await lock?.release();
  });

  it('says what is wrong with the folder', async () => {
    await expect(lockFile(join(folder, 'none/a.json'))).rejects.toThrow(
      `its folder, ${join(folder, 'none')}, does not exist`,
    );
  });
});
