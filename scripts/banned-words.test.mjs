import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBannedWords } from './banned-words.mjs';

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tardy-words-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('findBannedWords', () => {
  it.each([
    {
      what: 'prose',
      file: 'a.md',
      text: 'One.\nIt goes on.\n',
      found: ['a.md:2: "goes on": write continues, resumes'],
    },
    { what: 'a phrase over two lines', file: 'a.md', text: 'a sign\nof life', found: [/^a\.md:1: "sign\nof life"/] },
    { what: 'inline code and link targets', file: 'a.md', text: '`calm` [a](not-calm.md)', found: [] },
    {
      what: 'a recording of a live test, and around it',
      file: 'a.md',
      text: '## Tried on the real system\n\n```text\nAll calm.\n```\n\n## Next\n\n```text\nIt goes on.\n```\n',
      found: ['a.md:10: "goes on": write continues, resumes'],
    },
    {
      what: 'a doc comment',
      file: 'a.ts',
      text: '/**\n * A sign\n * of life.\n */',
      found: [/^a\.ts:2: "sign\n \* of life"/],
    },
    { what: 'a message', file: 'a.ts', text: "const a = 'All calm.';", found: [/^a\.ts:1: "calm"/] },
    { what: 'a template', file: 'a.ts', text: 'const a = `${1} read whole`;', found: [/^a\.ts:1: "whole"/] },
    { what: 'names', file: 'a.ts', text: "type Tone = 'calm'; const whole = 1;", found: [] },
    { what: 'whole numbers and hours', file: 'a.md', text: 'whole numbers, whole hours, as a whole', found: [] },
    { what: 'capitals', file: 'a.mjs', text: '// Nobody knows.', found: [/"Nobody knows"/] },
  ])('in $what: $found', ({ file, text, found }) => {
    writeFileSync(join(folder, file), text);
    expect(findBannedWords(folder)).toEqual(found.map((one) => expect.stringMatching(one)));
  });
});
