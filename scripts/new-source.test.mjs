import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { newSource } from './new-source.mjs';
import { findSourceGaps } from './source-folders.mjs';
import { sourcesFolder } from './source-tables.mjs';

let base;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'tardy-new-source-'));
  mkdirSync(join(base, sourcesFolder), { recursive: true });
  writeFileSync(
    join(base, sourcesFolder, 'kinds.ts'),
    "// Every kind.\nexport * from './airflow/index.js';\nexport * from './temporal/index.js';\n",
  );
});

afterEach(() => rmSync(base, { recursive: true }));

it('writes every piece of a source but what only its author can say, and registers it in one line', async () => {
  const written = await newSource({ base, kind: 'ray', title: 'Ray Jobs' });
  expect(readFileSync(join(base, sourcesFolder, 'kinds.ts'), 'utf8')).toBe(
    "// Every kind.\nexport * from './airflow/index.js';\nexport * from './ray/index.js';\nexport * from './temporal/index.js';\n",
  );
  const gaps = findSourceGaps(join(base, sourcesFolder), [{ kind: 'ray', capabilities: { provedLive: false } }]);
  expect(gaps).toHaveLength(14);
  for (const gap of gaps) expect(gap).toMatch(/^ray: faults.md does not say of kind/);
  expect(written).toContain('.changeset/source-ray.md');
  const texts = written.map((path) => readFileSync(join(base, path), 'utf8')).join('\n');
  expect(texts).toContain('Ray Jobs');
  expect(texts).toContain('RAY_TOKEN');
  expect(texts).not.toMatch(/KIND|Kind[A-Z]|TITLE|TOKEN_VARIABLE/);
});

it('leaves a source that exists alone', async () => {
  await newSource({ base, kind: 'ray' });
  await expect(newSource({ base, kind: 'ray' })).rejects.toThrow('ray exists');
});

it.each(['', 'Ray', '../ray', 'ray-jobs', '9ray'])('refuses the kind "%s"', async (kind) => {
  await expect(newSource({ base, kind })).rejects.toThrow('is not a kind');
});
