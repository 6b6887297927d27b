import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { parseYaml } from './parse-yaml.js';

const multiplying = [
  'a0: &a0 [s3cret, s3cret]',
  ...Array.from({ length: 20 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}, *a${n}]`),
];

describe('parseYaml', () => {
  it('reads YAML and JSON', async () => {
    expect(await parseYaml('a: &x [1]\nb: *x\n', 'f')).toEqual({ a: [1], b: [1] });
    expect(await parseYaml('{"a": [1]}', 'f')).toEqual({ a: [1] });
  });

  it.each([
    { when: 'a list is not closed', text: 's3cret: [1', says: 'f.yaml:1:11: not valid YAML' },
    {
      when: 'a key comes twice',
      text: 'a: 1\ns3cret: 1\ns3cret: 2',
      says: 'f.yaml:3:1: not valid YAML (duplicate key).',
    },
    { when: 'a key of a map within comes twice', text: 'a: { s3cret: 1, s3cret: 2 }', says: 'f.yaml:1:17' },
    { when: 'text is not closed', text: '"s3cret', says: 'f.yaml:1:8: not valid YAML (missing char).' },
    { when: 'it looks like variables', text: 'PASSWORD: s3cret: x', says: 'f.yaml:1:' },
    { when: 'an alias has no anchor', text: 'a: *s3cret', says: 'f.yaml: an alias has no anchor' },
    { when: 'aliases multiply', text: multiplying.join('\n'), says: 'aliases multiply' },
    { when: 'keys are within keys', text: '? '.repeat(50_000), says: 'keys within keys' },
    { when: 'it is too large', text: `# ${'s3cret'.repeat(200_000)}`, says: 'larger than 1 MiB' },
  ])('says where, and nothing of the content, when $when', async ({ text, says }) => {
    const failure = await parseYaml(text, 'f.yaml').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect(String(failure)).toContain(says);
    expect(String(failure)).not.toContain('s3cret');
  });

  it('takes linear time for many keys', async () => {
    const startedAt = performance.now();
    const keys = Array.from({ length: 20_000 }, (_, n) => `k${n}: 1\n`).join('');
    expect(Object.keys((await parseYaml(keys, 'f')) as object)).toHaveLength(20_000);
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });
});
