// What of others is in a bundle, and the texts that have to be kept with copies of it.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const RULE = `\n${'-'.repeat(80)}\n\n`;

/**
 * The licence of every npm package among the inputs of a bundle, and where its source is, which the MPL asks for. Packages
 * bring compiled code of others without naming it: their notices are the files in `third-party/` of the directory, called
 * `name@version.txt`.
 */
export function thirdPartyLicenses(directory, inputs) {
  const sections = new Map(noticesIn(join(directory, 'third-party')));
  for (const input of inputs.filter((path) => path.includes('node_modules/'))) {
    const found = packageOf(dirname(join(directory, input)));
    if (found !== undefined) sections.set(found.title, found.text);
  }
  return [...sections]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([title, text]) => `${title}\n\n${text.trim()}\n`)
    .join(RULE);
}

/** The npm packages that such a file names, as `{ name, version }`. */
export function packagesNamedIn(licenses) {
  return licenses
    .split(RULE)
    .filter((section) => section.includes('\nSource: '))
    .map((section) => {
      const [name, version] = section.split('\n', 1)[0].split(' ');
      return { name, version };
    });
}

function noticesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((file) => [
    basename(file, '.txt').replace('@', ' '),
    readFileSync(join(folder, file), 'utf8'),
  ]);
}

function packageOf(directory) {
  const manifestFile = join(directory, 'package.json');
  if (existsSync(manifestFile)) {
    const { name, version, license, repository } = JSON.parse(readFileSync(manifestFile, 'utf8'));
    if (name !== undefined && version !== undefined) {
      const file = readdirSync(directory).find((entry) => /^licen[cs]e(\.|-|$)/i.test(entry));
      const text = file === undefined ? '' : readFileSync(join(directory, file), 'utf8');
      const origin = repository?.url ?? repository ?? 'npm';
      const source = `Source: ${origin}, version ${version}; also \`npm pack ${name}@${version}\``;
      return { title: `${name} ${version}`, text: `Licence: ${license}\n${source}\n\n${text}` };
    }
  }
  return dirname(directory) === directory ? undefined : packageOf(dirname(directory));
}
