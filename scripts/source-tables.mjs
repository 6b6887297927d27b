// What the documentation says about every kind of source, generated from the descriptors: the tables of README.md, the config reference,
// the index of docs/sources and the summary of faults in docs/quality.md.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { faultTable } from './faults.mjs';
import { replaceBlock } from './blocks.mjs';
import { withTargetTables } from './target-tables.mjs';
import { root } from './workspace.mjs';

/** The folder of the sources, relative to the root. */
export const sourcesFolder = 'packages/core/src/sources';

/** For `generated.mjs`. */
export const sourceTables = [
  file('docs/sources/README.md', (_, kinds) => indexPage(kinds)),
  file('docs/guides/database.md', (text, kinds) => replaceBlock(text, 'presets', presetTable(kinds))),
  file('README.md', (text, kinds) => replaceBlock(text, 'sources', uriTable(kinds, ''))),
  file('docs/reference/config.md', async (text, kinds) =>
    withTargetTables(replaceBlock(text, 'token variables', tokenTable(kinds))),
  ),
  file('docs/quality.md', (text, kinds) => replaceBlock(text, 'faults', faults(kinds))),
];

/** The descriptors of all kinds of source, by title. */
export async function sourceKinds() {
  const { SOURCE_KINDS } = await import(pathToFileURL(join(root, 'packages/core/dist/sources/index.js')).href);
  return Object.values(SOURCE_KINDS).sort((a, b) => a.title.localeCompare(b.title, 'en'));
}

/** A table of the kinds with how each is written; `up` leads from the page to the root. */
export function uriTable(kinds, up) {
  const rows = kinds.map(({ kind, title, example, moreExamples = [] }) => {
    const written = [example, ...moreExamples].map((text) => `\`${text}\``).join(', ');
    return `| [${title}](${up}${sourcesFolder}/${kind}/README.md) | ${written} |`;
  });
  return `| source | on the command line |
| --- | --- |
${rows.join('\n')}
| A saved report, a page of runs, NDJSON | \`file:runs.json\`, or \`-\` for standard input |`;
}

function presetTable(kinds) {
  const rows = kinds.flatMap(({ kind, title, presetOf, capabilities: can }) => {
    if (presetOf === undefined) return [];
    const cells = [can.heartbeat, can.progress, can.provedLive].map((cell) => (cell === false ? 'no' : cell));
    return [`| [\`${kind}\`](../../${sourcesFolder}/${kind}/README.md) | ${title} | ${cells.join(' | ')} |`];
  });
  return `| preset | reads | heartbeat | progress | proved live on |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}`;
}

function faults(kinds) {
  return faultTable(join(root, sourcesFolder), kinds, (kind) => `../${sourcesFolder}/${kind}/faults.md`);
}

function tokenTable(kinds) {
  const rows = kinds.flatMap(({ kind, tokenVariables, kubeconfig }) => {
    if (tokenVariables.length === 0) return [];
    const variables = tokenVariables.map((name) => `\`${name}\``).join(', ');
    return [`| \`${kind}:\` | ${variables}${kubeconfig === undefined ? '' : '; with a context, the kubeconfig'} |`];
  });
  return `| source | variable |\n| --- | --- |\n${rows.join('\n')}`;
}

const INDEX = `# Sources

<!-- Written by \`npm run generate\` from the descriptors of the sources. Change those, not this page. -->

What each system reports, and what Tardy can therefore see. The page of a source says what it detects, what it does not, and which
rights its token needs.`;

function indexPage(kinds) {
  const rows = kinds.map(({ kind, title, capabilities: can }) => {
    const cells = [can.heartbeat, can.progress, can.serverFilter, can.looksBehind, can.provedLive];
    const page = `../../${sourcesFolder}/${kind}/README.md`;
    return `| [${title}](${page}) | ${cells.map((cell) => (cell === false ? 'no' : cell)).join(' | ')} |`;
  });
  return `${INDEX}

| source | heartbeat | progress | filters on the server | looks behind a run at | proved live on |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

${uriTable(kinds, '../../')}`;
}

function file(path, pageOf) {
  return {
    path,
    make: async () => {
      const full = join(root, path);
      const current = existsSync(full) ? readFileSync(full, 'utf8') : '';
      const options = await resolveConfig(full);
      return format(await pageOf(current, await sourceKinds()), { ...options, filepath: path });
    },
  };
}
