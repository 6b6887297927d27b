// The kinds of fault of each system: `faults.md` in the folder of its source holds the table, docs/quality.md a summary of all.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How a cell begins, and the sign for it in the summary. */
const SIGNS = { handled: '●', 'cannot happen': '–', 'not visible': '○' };
const KINDS = 15;

/** What is wrong with the table of a kind of source, one line each. */
export function faultGaps(folder, kind) {
  const file = join(folder, kind, 'faults.md');
  if (!existsSync(file)) return ['has no faults.md'];
  const cells = cellsOf(readFileSync(file, 'utf8'));
  return Array.from({ length: KINDS }, (_, index) => index + 1).flatMap((number) =>
    signOf(cells.get(number)) === undefined
      ? [`faults.md does not say of kind ${number} that it is handled, cannot happen or is not visible`]
      : [],
  );
}

/** The summary: a row for each kind of source, a column for each kind of fault. */
export function faultTable(folder, kinds, link) {
  const numbers = Array.from({ length: KINDS }, (_, index) => index + 1);
  const rows = kinds.map(({ kind, title }) => {
    const cells = cellsOf(readFileSync(join(folder, kind, 'faults.md'), 'utf8'));
    return `| [${title}](${link(kind)}) | ${numbers.map((number) => signOf(cells.get(number)) ?? '').join(' | ')} |`;
  });
  const signs = Object.entries(SIGNS).map(([word, sign]) => `${sign} ${word}`);
  return `${signs.join(', ')}. The page of a system has the tests and the reasons.

| system | ${numbers.join(' | ')} |
| --- | ${numbers.map(() => ':-:').join(' | ')} |
${rows.join('\n')}`;
}

/** The text of each numbered row. */
function cellsOf(text) {
  const rows = text.matchAll(/^\| (\d+) [^|]*\| ([^\n]*?) *\|$/gm);
  return new Map([...rows].map(([, number, cell]) => [Number(number), cell]));
}

/** What is said needs its reason or its tests after it; what the skeleton of a new source says is none. */
function signOf(cell) {
  const word = Object.keys(SIGNS).find(
    (one) => cell?.startsWith(one) === true && cell.length > one.length + 3 && !cell.endsWith('say why'),
  );
  return word === undefined ? undefined : SIGNS[word];
}
