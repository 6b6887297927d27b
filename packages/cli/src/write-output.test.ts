import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from './errors.js';
import { checkWritable, writeOutput } from './write-output.js';

describe('writeOutput', () => {
  let folder = '';
  const at = (name: string) => join(folder, name);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tardy-output-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('replaces a regular file, keeps its permissions and leaves no draft', async () => {
    writeFileSync(at('report.json'), 'old');
    chmodSync(at('report.json'), 0o640);
    const { ino } = statSync(at('report.json'));
    await writeOutput(at('report.json'), 'new');
    expect(readFileSync(at('report.json'), 'utf8')).toBe('new');
    expect(statSync(at('report.json')).mode & 0o777).toBe(0o640);
    expect(statSync(at('report.json')).ino).not.toBe(ino);
    expect(readdirSync(folder)).toEqual(['report.json']);
  });

  it('follows a symbolic link, also one whose target does not exist yet', async () => {
    mkdirSync(at('target'));
    symlinkSync(at('target/report.json'), at('link'));
    for (const text of ['first', 'second']) {
      await writeOutput(at('link'), text);
      expect(readFileSync(at('target/report.json'), 'utf8')).toBe(text);
    }
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
    expect(readdirSync(at('target'))).toEqual(['report.json']);
  });

  it('writes to a device, directly and through a link', async () => {
    symlinkSync('/dev/null', at('link'));
    await writeOutput('/dev/null', 'text');
    await writeOutput(at('link'), 'text');
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
  });

  it('writes to a FIFO', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const [, read] = await Promise.all([
      writeOutput(at('pipe'), 'through the pipe'),
      import('node:fs/promises').then(({ readFile }) => readFile(at('pipe'), 'utf8')),
    ]);
    expect(read).toBe('through the pipe');
    expect(statSync(at('pipe')).isFIFO()).toBe(true);
  });

  it('appends to the file behind /dev/fd, which is open elsewhere', async () => {
    const { open } = await import('node:fs/promises');
    const file = await open(at('log'), 'w');
    await file.write('before ');
    await writeOutput(`/dev/fd/${file.fd}`, 'after');
    await file.close();
    expect(readFileSync(at('log'), 'utf8')).toBe('before after');
  });

  it.each([
    { when: 'the folder does not exist', path: 'no/such/report.json', says: 'its folder does not exist' },
    { when: 'the path is a folder', path: '', says: 'it is a folder' },
    { when: 'a file is used as a folder', path: 'file/x', says: 'ENOTDIR' },
    { when: 'the name is too long', path: 'x'.repeat(300), says: 'ENAMETOOLONG' },
  ])('names the path when $when, and leaves nothing behind', async ({ path, says }) => {
    writeFileSync(at('file'), 'old');
    for (const attempt of [checkWritable(at(path)), writeOutput(at(path), 'text')]) {
      const failure = await attempt.catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(UsageError);
      expect(String(failure)).toContain(at(path));
      expect(String(failure)).toContain(says);
      expect(readdirSync(folder)).toEqual(['file']);
    }
  });

  it('can be checked beforehand, which changes nothing and waits for nobody', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    writeFileSync(at('report.json'), 'old');
    symlinkSync(at('new.json'), at('link'));
    symlinkSync(at('link'), at('link to a link'));
    const before = readdirSync(folder);
    for (const path of ['report.json', 'fresh.json', 'pipe', 'link', 'link to a link']) await checkWritable(at(path));
    await checkWritable('/dev/stderr');
    expect(readdirSync(folder)).toEqual(before);
    expect(readFileSync(at('report.json'), 'utf8')).toBe('old');
  });

  it('is refused beforehand where a link leads into a folder that does not exist', async () => {
    symlinkSync(at('no/such.json'), at('link'));
    const failure = await checkWritable(at('link')).catch((error: unknown) => error);
    expect(String(failure)).toContain('its folder does not exist');
  });
});
