import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findImportCycles } from './import-cycles.mjs';

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tardy-cycles-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('findImportCycles', () => {
  it.each([
    { title: 'an import', back: "import { a } from './a.js';" },
    { title: 'a type-only import', back: "import type { A } from './a.js';" },
    { title: 'a type-only name', back: "import { type A } from './a.js';" },
    { title: 'an import for its side effects', back: "import './a.js';" },
    { title: 'a re-export', back: "export { a } from './a.js';" },
    { title: 'a re-export of everything', back: "export * from './a.js';" },
    { title: 'a re-export of types', back: "export type { A } from './a.js';" },
    { title: 'a dynamic import', back: "const a = () => import('./a.js');" },
    { title: 'an import of the source file', back: "import { a } from './a.ts';" },
  ])('finds a cycle closed by $title', ({ back }) => {
    write({ 'a.ts': "import { b } from './b.js';", 'b.ts': back });
    expect(findImportCycles(folder, ['src'])).toEqual(['src/a.ts -> src/b.ts -> src/a.ts']);
  });

  it('finds a longer cycle once, and leaves out what only leads to it', () => {
    write({
      'start.ts': "import './a.js';",
      'a.ts': "import './b.js';",
      'b.ts': "import './deep/c.js';",
      'deep/c.ts': "import '../a.js';",
    });
    expect(findImportCycles(folder, ['src'])).toEqual(['src/a.ts -> src/b.ts -> src/deep/c.ts -> src/a.ts']);
  });

  it('finds a module that imports itself', () => {
    write({ 'a.mjs': "import './a.mjs';" });
    expect(findImportCycles(folder, ['src'])).toEqual(['src/a.mjs -> src/a.mjs']);
  });

  it('finds none if two paths lead to one module', () => {
    write({
      'a.ts': "import './b.js'; import './c.js'; import './none.css'; import(place);",
      'b.ts': "import './c.js'; // import './a.js'",
      'c.ts': 'export const text = "import \'./a.js\'";',
    });
    expect(findImportCycles(folder, ['src'])).toEqual([]);
  });

  it('rejects a module that does not parse', () => {
    write({ 'a.ts': 'import from;' });
    expect(() => findImportCycles(folder, ['src'])).toThrow(/a\.ts does not parse/);
  });
});

function write(files) {
  mkdirSync(join(folder, 'src', 'deep'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'src', name), text);
}
