import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBrokenLinks } from './doc-links.mjs';

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tardy-links-'));
  writeFileSync(join(folder, 'other.md'), '# The `now` argument\n\n## Why?\n\n## Why?\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('findBrokenLinks', () => {
  it.each([
    { link: 'to a file that is there', text: '[a](other.md)', broken: [] },
    { link: 'to a file that is not', text: '\n[a](none.md)', broken: ['page.md:2: none.md'] },
    { link: 'to a URL', text: '[a](https://host.example/none.md)', broken: [] },
    { link: 'to a heading with code in it', text: '[a](other.md#the-now-argument)', broken: [] },
    { link: 'to the second of two equal headings', text: '[a](other.md#why-1)', broken: [] },
    { link: 'to a heading that is not there', text: '[a](other.md#how)', broken: ['page.md:1: other.md#how'] },
    { link: 'in the same file', text: '# Here\n[a](#here) [b](#there)', broken: ['page.md:2: #there'] },
    { link: 'of an image', text: '![a](none.png)', broken: ['page.md:1: none.png'] },
    { link: 'defined apart', text: '[a]: none.md', broken: ['page.md:1: none.md'] },
    { link: 'inside code', text: '`[a](none.md)`\n```\n[a](none.md)\n```\n', broken: [] },
  ])('finds what is broken for a link $link', ({ text, broken }) => {
    writeFileSync(join(folder, 'page.md'), text);
    expect(findBrokenLinks(folder)).toEqual(broken);
  });
});
