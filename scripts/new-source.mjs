// npm run new-source -- <kind> [title]: writes the folder of a new kind of source and registers it. What it writes compiles and runs;
// its conformance case fails by the name of the kind until recorded responses of the real system take the place of the empty list.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { sourcesFolder } from './source-tables.mjs';
import { root } from './workspace.mjs';

const templates = fileURLToPath(new URL('new-source/', import.meta.url));

/** Each piece: its template, and where it goes in the folder of the kind. */
const PIECES = {
  'index.ts.txt': 'index.ts',
  'config.ts.txt': 'config.ts',
  'source.ts.txt': 'source.ts',
  'run.ts.txt': 'run.ts',
  'shapes.ts.txt': 'shapes.ts',
  'source.test.ts.txt': 'source.test.ts',
  'conformance.ts.txt': 'testing/conformance.ts',
  'server.ts.txt': 'testing/server.ts',
  'active.json.txt': 'fixtures/active.json',
  'fixtures-readme.md.txt': 'fixtures/README.md',
  'readme.md.txt': 'README.md',
  'faults.md.txt': 'faults.md',
};

/**
 * Writes the folder, the line in kinds.ts and a changeset below `base`. Gives the paths written.
 *
 * @throws {Error} that says what is wrong with the kind, or that it exists.
 */
export async function newSource({ base, kind, title = kind[0]?.toUpperCase() + kind.slice(1) }) {
  if (!/^[a-z][a-z0-9]*$/.test(kind)) throw new Error(`"${kind}" is not a kind: use lower-case letters and digits.`);
  const folder = join(base, sourcesFolder, kind);
  if (existsSync(folder)) throw new Error(`${sourcesFolder}/${kind} exists.`);
  const written = [];
  const write = async (path, text) => {
    const file = join(base, path);
    mkdirSync(dirname(file), { recursive: true });
    const options = await resolveConfig(join(root, path));
    writeFileSync(file, await format(text, { ...options, filepath: file }));
    written.push(path);
  };
  for (const [template, piece] of Object.entries(PIECES)) {
    const text = readFileSync(join(templates, template), 'utf8');
    await write(`${sourcesFolder}/${kind}/${piece}`, fill(text, kind, title));
  }
  const registry = `${sourcesFolder}/kinds.ts`;
  await write(registry, registered(readFileSync(join(base, registry), 'utf8'), kind));
  await write(`.changeset/source-${kind}.md`, fill(CHANGESET, kind, title));
  return written;
}

const CHANGESET = `---
'@tardy/core': minor
'@tardy/cli': minor
---

Read runs of TITLE.
`;

function fill(text, kind, title) {
  const capital = kind[0].toUpperCase() + kind.slice(1);
  return text
    .replaceAll('TOKEN_VARIABLE', `${kind.toUpperCase()}_TOKEN`)
    .replaceAll('KIND_', `${kind.toUpperCase()}_`)
    .replaceAll('KIND', kind)
    .replaceAll('Kind', capital)
    .replaceAll('TITLE', title);
}

/** The lines of kinds.ts with one more, in order. */
function registered(text, kind) {
  const lines = text.trimEnd().split('\n');
  const isExport = (line) => line.startsWith('export ');
  const exports = [...lines.filter(isExport), `export * from './${kind}/index.js';`].sort((a, b) =>
    a.localeCompare(b, 'en'),
  );
  return [...lines.filter((line) => !isExport(line)), ...exports, ''].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [kind = '', title] = process.argv.slice(2);
  try {
    const written = await newSource({ base: root, kind, title });
    process.stdout.write(`Wrote\n  ${written.join('\n  ')}\n
Next: record responses of the real system into fixtures/, then
  node_modules/.bin/vitest run --project unit ${sourcesFolder}/testing -t ${kind}
fails by the name of the kind until the adapter conforms. Then npm run generate.\n`);
  } catch (error) {
    process.stderr.write(`${error.message}\nUsage: npm run new-source -- <kind> [title]\n`);
    process.exitCode = 2;
  }
}
