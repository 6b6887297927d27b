import { describe, expect, it } from 'vitest';
import { isCi, terminalFrom, type TerminalInput } from './terminal.js';

const UTF8 = { LANG: 'en_US.UTF-8', TERM: 'xterm-256color' };

describe('terminalFrom', () => {
  it.each<{ when: string; input: Partial<TerminalInput>; expected: boolean }>([
    { when: 'it is a terminal', input: {}, expected: true },
    { when: 'it is a pipe', input: { isTty: false }, expected: false },
    { when: 'NO_COLOR is set', input: { env: { NO_COLOR: '1' } }, expected: false },
    { when: 'NO_COLOR is empty', input: { env: { NO_COLOR: '' } }, expected: true },
    { when: 'FORCE_COLOR is set in a pipe', input: { isTty: false, env: { FORCE_COLOR: '1' } }, expected: true },
    { when: 'FORCE_COLOR is empty in a pipe', input: { isTty: false, env: { FORCE_COLOR: '' } }, expected: true },
    { when: 'FORCE_COLOR is 0', input: { env: { FORCE_COLOR: '0' } }, expected: false },
    { when: 'both are set', input: { env: { NO_COLOR: '1', FORCE_COLOR: '1' } }, expected: false },
    { when: 'the terminal is dumb', input: { env: { TERM: 'dumb' } }, expected: false },
    {
      when: '--color is given in a pipe',
      input: { isTty: false, env: { NO_COLOR: '1' }, flags: { color: true } },
      expected: true,
    },
    { when: '--no-color is given', input: { env: { FORCE_COLOR: '1' }, flags: { color: false } }, expected: false },
    { when: 'neither flag is given', input: { flags: { color: undefined } }, expected: true },
    { when: 'a CI job writes to a pipe', input: { isTty: false, env: { CI: 'true' } }, expected: false },
  ])('detects colors when $when: $expected', ({ input, expected }) => {
    expect(terminalFrom({ env: {}, isTty: true, columns: 80, ...input }).color).toBe(expected);
  });

  it.each<{ when: string; env: TerminalInput['env']; expected: boolean }>([
    { when: 'LANG is UTF-8', env: UTF8, expected: true },
    { when: 'LANG is utf8', env: { LANG: 'C.utf8' }, expected: true },
    { when: 'LC_ALL wins over LANG', env: { ...UTF8, LC_ALL: 'C' }, expected: false },
    { when: 'LC_CTYPE wins over LANG', env: { LANG: 'C', LC_CTYPE: 'de_DE.UTF-8' }, expected: true },
    { when: 'LC_ALL is empty', env: { ...UTF8, LC_ALL: '' }, expected: true },
    { when: 'the environment is empty, as under cron', env: {}, expected: false },
    { when: 'the environment has only CI', env: { CI: 'true' }, expected: true },
    { when: 'it is Windows Terminal', env: { WT_SESSION: '1' }, expected: true },
    { when: 'it is the Linux console', env: { ...UTF8, TERM: 'linux' }, expected: false },
  ])('detects Unicode when $when: $expected', ({ env, expected }) => {
    expect(terminalFrom({ env, isTty: true, columns: 80 }).unicode).toBe(expected);
  });

  it.each<{ when: string; columns: number | undefined; env: TerminalInput['env']; expected: number }>([
    { when: 'the terminal has a width', columns: 132, env: { COLUMNS: '60' }, expected: 132 },
    { when: 'only COLUMNS is set', columns: undefined, env: { COLUMNS: '60' }, expected: 60 },
    { when: 'neither is known', columns: undefined, env: {}, expected: 80 },
    { when: 'the terminal says 0', columns: 0, env: {}, expected: 80 },
    { when: 'COLUMNS is not a number', columns: undefined, env: { COLUMNS: 'wide' }, expected: 80 },
  ])('is $expected columns wide when $when', ({ columns, env, expected }) => {
    expect(terminalFrom({ env, isTty: true, columns }).columns).toBe(expected);
  });
});

describe('isCi', () => {
  it.each([
    [{ CI: 'true' }, true],
    [{ CI: '1' }, true],
    [{ CI: 'false' }, false],
    [{ CI: '' }, false],
    [{}, false],
  ])('%j: %s', (env, expected) => {
    expect(isCi(env)).toBe(expected);
  });
});
