// Regular expressions that meet text from outside must take linear time: a text made for a slow one stops the process, and no time
// limit helps. recheck judges them, which takes a minute, so expressions.txt keeps those that it found to be linear; others are judged by
// each check. node scripts/expressions.mjs judges what is new and writes the file.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { root } from './workspace.mjs';

const FOLDERS = ['packages/core/src', 'packages/cli/src', 'packages/elements/src', 'demo/src'];
const SKIPPED_FOLDERS = new Set(['testing', 'fixtures', 'cases', 'live']);
const MODULE = /\.(?:ts|tsx)$/;
const TEST = /^test-|\.test\.ts$/;
const LONGEST_MS = 60_000;
const known = join(root, 'scripts', 'expressions.txt');

/** One line for each regular expression of the product that may be slow. */
export async function findSlowExpressions(folder = root, folders = FOLDERS, linear = readKnown()) {
  const problems = [];
  for (const [text, { pattern, flags, file }] of expressionsIn(folder, folders)) {
    const verdict = linear.has(text) ? 'linear' : await judge(pattern, flags);
    if (verdict === 'linear') continue;
    problems.push(
      `${file}: ${text} is ${verdict}: a text made for it could take forever. Use indexOf, or another expression.`,
    );
  }
  return problems;
}

/** Every regular expression literal, with the first file that has it. */
function expressionsIn(folder, folders) {
  const found = new Map();
  for (const path of folders.flatMap((name) => modulesIn(join(folder, name)))) {
    const { program } = parseSync(path, readFileSync(path, 'utf8'));
    visit(program, ({ pattern, flags }) => {
      const text = `/${pattern}/${flags}`;
      if (!found.has(text)) found.set(text, { pattern, flags, file: relative(folder, path).replaceAll('\\', '/') });
    });
  }
  return found;
}

function modulesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED_FOLDERS.has(entry.name) ? [] : modulesIn(path);
    return MODULE.test(entry.name) && !TEST.test(entry.name) ? [path] : [];
  });
}

function visit(node, take) {
  if (typeof node !== 'object' || node === null) return;
  if (node.type === 'Literal' && node.regex) take(node.regex);
  for (const value of Object.values(node)) visit(value, take);
}

async function judge(pattern, flags) {
  // The package also has native programs and one for Java, which are not installed everywhere.
  process.env.RECHECK_BACKEND = 'pure';
  const { checkSync } = await import('recheck');
  const { status, complexity, error } = checkSync(pattern, flags, { timeout: LONGEST_MS });
  if (status === 'safe') return 'linear';
  return status === 'vulnerable' ? `vulnerable (${complexity.summary})` : `not understood by recheck (${error.kind})`;
}

function readKnown() {
  return new Set(readFileSync(known, 'utf8').split('\n').filter(Boolean));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const before = readKnown();
  const linear = [];
  for (const [text, { pattern, flags, file }] of expressionsIn(root, FOLDERS)) {
    const verdict = before.has(text) ? 'linear' : await judge(pattern, flags);
    if (verdict === 'linear') linear.push(text);
    else process.stdout.write(`${file}: ${text} is ${verdict}\n`);
  }
  writeFileSync(known, `${linear.toSorted((a, b) => (a < b ? -1 : 1)).join('\n')}\n`);
}
