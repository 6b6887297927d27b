import { describe, expect, it } from 'vitest';
import { UsageError } from './errors.js';
import { runProgram } from './program.js';
import { fakeIo } from './test-io.js';

const COMMANDS = ['check', 'list', 'show', 'policy', 'doctor'];

describe('runProgram', () => {
  it('lists every command in its help', async () => {
    const world = fakeIo();
    expect(await runProgram(world.io, ['--help'])).toBe(0);
    const listed = [...world.printed.out.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name);
    expect(listed).toEqual(expect.arrayContaining(COMMANDS));
  });

  it.each([...COMMANDS.map((name) => [name]), ['policy', 'show'], ['policy', 'explain'], ['policy', 'test']])(
    'has help for %s %s',
    async (...argv) => {
      const world = fakeIo();
      expect(await runProgram(world.io, [...argv, '--help'])).toBe(0);
      expect(world.printed.out).toMatch(/^Usage: tardy /);
      expect(world.printed.err).toBe('');
    },
  );

  it.each([
    { argv: [], says: 'A command is missing.' },
    { argv: ['policy'], says: 'A command is missing.' },
    { argv: ['polcy'], says: "unknown command 'polcy'" },
    { argv: ['policy', 'shwo'], says: "unknown command 'shwo'" },
    { argv: ['--nonsense'], says: "unknown option '--nonsense'" },
    { argv: ['constructor'], says: "unknown command 'constructor'" },
  ])('refuses $argv', async ({ argv, says }) => {
    const failure = await runProgram(fakeIo().io, argv).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect(String(failure)).toContain(says);
  });
});
