// Finds broken links in the documentation: relative files, and headings within them.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { root } from './workspace.mjs';

const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', '.git', '.stryker']);

/** One line for each broken link in a folder, as `file:line: link`. */
export function findBrokenLinks(folder = root) {
  return markdownFiles(folder).flatMap((file) =>
    linksOf(readFileSync(file, 'utf8'))
      .filter(({ target }) => !leadsSomewhere(file, target))
      .map(({ line, target }) => `${relative(folder, file)}:${line}: ${target}`),
  );
}

function markdownFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED_FOLDERS.has(entry.name) ? [] : markdownFiles(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

function linksOf(markdown) {
  return withoutCode(markdown)
    .split('\n')
    .flatMap((text, index) =>
      [...text.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)|^\[[^\]]+\]:\s+(\S+)|(?:href|src)="([^"]+)"/g)].map(
        (match) => ({
          line: index + 1,
          target: match[1] ?? match[2] ?? match[3],
        }),
      ),
    );
}

/** Blanks code, keeping the line numbers. */
function withoutCode(markdown) {
  return markdown
    .replaceAll(/^( *)(```+|~~~+).*\n[\s\S]*?^\1\2.*$/gm, (block) => block.replaceAll(/[^\n]/g, ''))
    .replaceAll(/`[^`\n]*`/g, '');
}

function leadsSomewhere(file, target) {
  if (/^[a-z][a-z+.-]*:/i.test(target) || target.startsWith('//')) return true;
  const [path, heading] = target.split('#');
  const destination = path === '' ? file : resolve(dirname(file), decodeURIComponent(path));
  if (!existsSync(destination)) return false;
  if (!heading || !destination.endsWith('.md') || statSync(destination).isDirectory()) return true;
  return headingsOf(readFileSync(destination, 'utf8')).has(heading.toLowerCase());
}

/** The anchors that GitHub gives to the headings of a file. */
function headingsOf(markdown) {
  const anchors = new Set();
  const seen = new Map();
  // Inline code is part of a heading, so only the blocks are blanked.
  const text = markdown.replaceAll(/^( *)(```+|~~~+).*\n[\s\S]*?^\1\2.*$/gm, '');
  for (const [, title] of text.matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const words = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = words.replaceAll(/[^\p{L}\p{N}\p{M}\s_-]/gu, '').replaceAll(/\s/g, '-');
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    anchors.add(count === 0 ? anchor : `${anchor}-${count}`);
  }
  return anchors;
}
