import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from './errors.js';
import { openText } from './open-text.js';

describe('the text of a file in parts', () => {
  let folder = '';
  const at = (name: string) => join(folder, name);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tardy-text-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function textOf(path: string): Promise<string | undefined> {
    const parts = await openText(path);
    if (parts === undefined) return undefined;
    let text = '';
    for await (const part of parts) text += part;
    return text;
  }

  const long = '😀ü\n'.repeat(200_000);

  it('is the text, whether compressed or not, in several parts', async () => {
    writeFileSync(at('plain'), long);
    writeFileSync(at('packed'), gzipSync(long));
    expect((await textOf(at('plain'))) === long).toBe(true);
    expect((await textOf(at('packed'))) === long).toBe(true);
    writeFileSync(at('empty'), '');
    expect(await textOf(at('empty'))).toBe('');
  });

  it('can come through a pipe', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const reading = textOf(at('pipe'));
    writeFileSync(at('pipe'), 'through a pipe');
    expect(await reading).toBe('through a pipe');
  });

  it('is missing where there is no file', async () => {
    expect(await textOf(at('none'))).toBeUndefined();
    writeFileSync(at('file'), '');
    expect(await textOf(at('file/below'))).toBeUndefined();
  });

  it('says what cannot be read', async () => {
    writeFileSync(at('broken'), gzipSync(long).subarray(0, 500));
    await expect(textOf(at('broken'))).rejects.toThrow(UsageError);
    await expect(textOf(folder)).rejects.toThrow(`${folder} cannot be read`);
  });
});
