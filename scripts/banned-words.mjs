// Finds words and phrases that docs, messages, comments and test titles must not use. docs/reference/glossary.md says what to use instead.
//
// A script, since no package fits: Vale downloads a binary, textlint and alex read prose in Markdown but no comments or strings of TypeScript,
// and cspell bans single words only and needs a dictionary for all others.
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseSync } from 'oxc-parser';
import { root } from './workspace.mjs';

/** What parts two words: a phrase may run over the end of a line, in a comment too. */
const GAP = '[\\s*/]+';

/** What is banned, and what to write instead. */
export const BANNED = [
  [/\bsigns? of life\b/, 'heartbeat'],
  [/(?<!can't |cannot )\b(?:tells?|told) of\b/, 'reports, reported'],
  [/\bstands? once\b/, 'exists once'],
  [/\banew\b/, 'again; retried'],
  [/\b(?:go|goes|going|gone|went) on\b/, 'continues, resumes'],
  [/\bfrom when on\b|\bon from (?:there|here|that|the)\b/, 'after; from there'],
  [/\bonce more\b/, 'again'],
  [/\bfor ever\b/, 'forever'],
  [/\b(?:nothing|something) is heard\b|\bheard from\b/, 'no heartbeat, no news'],
  [/(?<!\bas a )\bwhole\b(?! (?:numbers?|milliseconds?|seconds?|minutes?|hours?|days?)\b)/, 'complete, completely'],
  [/\bmend(?:s|ed|ing)?\b/, 'fix'],
  [/\brightly\b/, 'legitimately, or nothing'],
  [/(?<![\w=~"'.-]|@css\w+ )calm\b/, 'healthy; nothing is late or stuck'],
  [/\bweb address\b|\baddress of (?:the|a) (?:source|server|API|page|document|list|cluster)\b/, 'URL'],
  [
    /\b(?:an|every|each|recorded|unchanged) answers?\b|\banswer(?:s|ed) (?:with|[1-5]\d\d)\b/,
    'response, responds with',
  ],
  [/\btime-outs?\b/, 'timeout'],
  [/\bnobody knows\b/, 'unknown'],
  [/\bno member of\b/, 'not a member of'],
  [/(?<![\w=~"'.-]|@css\w+ )figures?\b(?!-|\.\w)/, 'metrics, totals, measurements'],
  [/\bthe matter (?:of|with)\b/, 'belongs to; wrong with'],
  [/\b(?:broken|lost|dead) line\b|\bthe line (?:breaks|broke|drops|dropped|closes|closed)\b/, 'connection'],
  [/\b(?:make|makes|made|making) (?:\w+ ){0,3}harmless\b/, 'sanitize, escape'],
].map(([pattern, instead]) => ({ pattern: new RegExp(pattern.source.replaceAll(' ', GAP), 'gi'), instead }));

/** Files that quote what is banned. */
const QUOTING = ['docs/reference/glossary.md', 'scripts/banned-words.mjs', 'scripts/banned-words.test.mjs'];

const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', 'fixtures', '.git', '.stryker']);
const CODE = /\.(?:ts|tsx|mts|mjs)$/;

/** One line for each banned phrase below a folder, as `file:line: "phrase": write this instead`. */
export function findBannedWords(folder = root) {
  return filesIn(folder).flatMap((file) => {
    const path = relative(folder, file).replaceAll('\\', '/');
    if (QUOTING.includes(path)) return [];
    const source = readFileSync(file, 'utf8');
    const passages = CODE.test(file) ? passagesOfCode(path, source) : passagesOfMarkdown(source);
    return passages.flatMap(({ start, text }) =>
      BANNED.flatMap(({ pattern, instead }) =>
        [...text.matchAll(pattern)].map(({ 0: phrase, index }) => {
          const line = source.slice(0, start + index).split('\n').length;
          return `${path}:${line}: "${phrase}": write ${instead}`;
        }),
      ),
    );
  });
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED_FOLDERS.has(entry.name) ? [] : filesIn(path);
    return CODE.test(entry.name) || entry.name.endsWith('.md') ? [path] : [];
  });
}

/** Comments and strings. A string without a space is a name, not prose. */
function passagesOfCode(path, source) {
  const { program, comments, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0].message}`);
  const passages = comments.map(({ start, end }) => ({ start, text: source.slice(start, end) }));
  visit(program, (node) => {
    if (node.type === 'TemplateElement' || (node.type === 'Literal' && typeof node.value === 'string')) {
      const text = source.slice(node.start, node.end);
      if (/\s/.test(text)) passages.push({ start: node.start, text });
    }
  });
  return passages;
}

function visit(node, look) {
  if (typeof node !== 'object' || node === null) return;
  if (typeof node.type === 'string') look(node);
  for (const child of Object.values(node)) visit(child, look);
}

/** What a program printed in a live test that is recorded. It keeps the words of its time. */
const RECORDED = /(?<=^## Tried on the real system\n(?:(?!^## )[\s\S])*)^```text\n[\s\S]*?^```$/gm;

/** All but recordings, inline code and the targets of links, which are names. */
function passagesOfMarkdown(source) {
  const own = source.replaceAll(RECORDED, (printed) => printed.replaceAll(/[^\n]/g, '#'));
  return [{ start: 0, text: own.replaceAll(/`[^`\n]*`|\]\([^)\n]*\)/g, (name) => '#'.repeat(name.length)) }];
}
