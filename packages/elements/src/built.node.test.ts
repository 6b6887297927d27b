import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };

// What a host imports, in Node itself, without a test runner around it. Needs a build.
const entries = Object.values(manifest.exports)
  .map((target) => (typeof target === 'string' ? target : target.default))
  .filter((path) => path.endsWith('.js'));

describe('what is built', () => {
  it.each([...entries, './dist/tardy-elements.min.js'])('is imported by Node: %s', async (entry) => {
    const url = new URL(`../${entry}`, import.meta.url).href;
    const script = `await import(${JSON.stringify(url)}); console.log('imported', typeof document, typeof HTMLElement);`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
    });
    // It also leaves nothing behind in Node's own globals.
    expect(stdout.trim()).toBe('imported undefined undefined');
  });
});
