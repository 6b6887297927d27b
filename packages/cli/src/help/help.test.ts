import { SOURCE_KINDS } from '@tardy/core/sources';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { FORMAT_NAMES } from '../output/formats/registry.js';
import { runProgram } from '../program.js';
import { fakeIo } from '../test-io.js';
import { TOPICS } from './topics.js';

async function print(...argv: string[]): Promise<string> {
  const { io, printed } = fakeIo();
  expect(await runProgram(io, argv)).toBe(0);
  return printed.out;
}

describe('help', () => {
  it.each(Object.keys(TOPICS))('explains %s, in lines that fit a terminal of 130 columns', async (topic) => {
    const text = await print('help', topic);
    expect(text.length).toBeGreaterThan(100);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(130);
  });

  it('names every kind of source and every variable for a token', async () => {
    const [sources, environment] = [await print('help', 'sources'), await print('help', 'environment')];
    const kinds = Object.values(SOURCE_KINDS);
    const variables = kinds.flatMap(({ tokenVariables }) => tokenVariables);
    expect(variables.length).toBeGreaterThan(20);
    expect(kinds.length).toBeGreaterThan(20);
    for (const { example, title } of kinds) {
      expect(sources).toContain(example);
      expect(sources).toContain(title);
    }
    for (const name of variables) expect(environment).toContain(`${name} `);
  });

  it('names every format, the thresholds in use, and every exit code', async () => {
    const formats = await print('help', 'formats');
    for (const name of FORMAT_NAMES) expect(formats).toContain(name);
    expect(await print('help', 'policy')).toMatch(/silence .* 2m\s+10m/);
    expect(await print('help', 'exit-codes')).toMatch(/0 .*\n {2}1 .*\n {2}2 .*\n {2}3 /);
  });

  it('is that of a command, also of one below another', async () => {
    expect(await print('help', 'check')).toContain('--fail-on');
    expect(await print('help', 'policy', 'test')).toContain('Usage: tardy policy test');
    expect(await print('help')).toContain('Commands:');
  });

  it('says what there is for what it does not know', async () => {
    const failure = await runProgram(fakeIo().io, ['help', 'thresholds']).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect((failure as UsageError).hint).toContain('policy, exit-codes');
  });
});

describe('a manual page', () => {
  it.each(['check', 'list', 'show', 'policy', 'serve', 'watch', 'completion'])('of %s is valid roff', async (name) => {
    const page = await print('man', name);
    expect(page).toMatch(new RegExp(`^\\.TH TARDY-${name.toUpperCase()} 1 `));
    const requests = page.split('\n').filter((line) => /^[.']/.test(line));
    expect(requests.filter((line) => !/^\.(?:TH|SH|TP|B|BR|I|nf|fi)\b/.test(line))).toEqual([]);
    // A hyphen that is not escaped is a typographic one, which nobody can paste.
    expect(page.replaceAll(/^\.(?:TH|BR).*$/gm, '')).not.toMatch(/(?<!\\)-/);
  });

  it('of tardy has the commands and the topics, and no hidden command', async () => {
    const page = await print('man');
    expect(page).toContain('.B check');
    expect(page).toContain('.SH EXIT\\-CODES'.replace('EXIT\\-CODES', TOPICS['exit-codes'].about.toUpperCase()));
    expect(page).not.toContain('__complete');
  });

  it('of what does not exist is an error', async () => {
    await expect(runProgram(fakeIo().io, ['man', 'nothing'])).rejects.toThrow('There is no command "nothing".');
  });
});
