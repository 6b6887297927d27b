import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SOURCE_KINDS } from '@tardy/core/sources';
import { describe, expect, it } from 'vitest';
import { FORMAT_NAMES } from '../output/formats/registry.js';
import { runProgram } from '../program.js';
import { fakeIo } from '../test-io.js';
import { completionScript, SHELLS } from './scripts.js';

const CONFIG = 'version: 1\nsources: { web: "github:acme/web", billing: "runs:https://billing.example/api" }\n';

async function complete(...words: string[]): Promise<string[]> {
  const { io, printed } = fakeIo({ files: { '/project/app/tardy.config.yaml': CONFIG, '/project/app/.git': '' } });
  expect(await runProgram(io, ['__complete', '--', ...words])).toBe(0);
  return printed.out.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0] ?? '']));
}

describe('what the shell offers', () => {
  it.each([
    { words: ['ch'], offered: ['check'] },
    { words: ['policy', 's'], offered: ['show'] },
    { words: ['check', '--fail-on', ''], offered: ['late', 'stale', 'never'] },
    { words: ['check', '--fail-on', 's'], offered: ['stale'] },
    { words: ['list', '--tab', 'co'], offered: ['completed'] },
    { words: ['check', '--allow-u'], offered: ['--allow-unknown'] },
    { words: ['check', 'we'], offered: ['web'] },
    { words: ['check', 'web', 'bi'], offered: ['billing'] },
    { words: ['check', '--timeout', '5s', 'we'], offered: ['web'] },
    { words: ['show', 'we'], offered: ['web'] },
    { words: ['show', 'web', ''], offered: [] },
    { words: ['check', 'gith'], offered: ['github:'] },
    { words: ['check', '--config', ''], offered: [] },
    { words: ['completion', 'f'], offered: ['fish'] },
    { words: ['help', 'exit'], offered: ['exit-codes'] },
    { words: ['check', '--format', 'json,nd'], offered: ['json,ndjson'] },
    { words: ['nonsense', ''], offered: [] },
  ])('after $words', async ({ words, offered }) => {
    expect(await complete(...words)).toEqual(offered);
  });

  it('holds every command but hidden ones, every kind of source that has a URI, and every format', async () => {
    const commands = await complete('');
    expect(commands).toEqual(expect.arrayContaining(['check', 'list', 'show', 'watch', 'serve', 'report', 'doctor']));
    expect(commands).not.toContain('__complete');
    const kinds = Object.values(SOURCE_KINDS).flatMap(({ kind, example }) =>
      example.startsWith(`${kind}:`) ? [`${kind}:`] : [],
    );
    expect(await complete('check', '')).toEqual(['web', 'billing', ...kinds, 'file:']);
    expect(await complete('check', '-f', '')).toEqual([...FORMAT_NAMES]);
  });

  it('is nothing worse than nothing where the config is broken', async () => {
    const { io, printed } = fakeIo({
      files: { '/project/app/tardy.config.yaml': 'sources: [', '/project/app/.git': '' },
    });
    expect(await runProgram(io, ['__complete', '--', 'check', 'we'])).toBe(0);
    expect([printed.out, printed.err]).toEqual(['', '']);
  });
});

describe('the script', () => {
  it.each(SHELLS)('for %s asks the command line', async (shell) => {
    const { io, printed } = fakeIo();
    expect(await runProgram(io, ['completion', shell])).toBe(0);
    expect(printed.out).toContain('tardy __complete --');
  });

  it.each([
    ['bash', ['-n']],
    ['zsh', ['-n']],
    ['fish', ['--no-execute']],
  ] as const)('for %s is one that this shell can read', (shell, options) => {
    // Only where the shell is installed: bash is everywhere.
    const missing = spawnSync(shell, ['--version']).error !== undefined;
    expect(missing && shell === 'bash').toBe(false);
    const folder = mkdtempSync(join(tmpdir(), 'tardy-completion-'));
    const file = join(folder, 'script');
    writeFileSync(file, completionScript(shell));
    expect(missing ? '' : execFileSync(shell, [...options, file], { encoding: 'utf8' })).toBe('');
    rmSync(folder, { recursive: true });
  });

  it('for bash offers what the command line says, and keeps a word with a colon together', () => {
    const script = `tardy() { printf '%s\\n' "$*" >&2; printf 'check\\tRead\\nchoose\\tPick\\n'; }
      ${completionScript('bash')}
      COMP_WORDS=(tardy --config "a b" ch) COMP_CWORD=3
      _tardy
      printf '%s|' "\${COMPREPLY[@]}"`;
    const { stdout } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    expect(stdout).toBe('check|choose|');
  });
});
