// Facts about the packages, read from the packages themselves.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

export const packages = ['core', 'elements', 'cli'].map((folder) => {
  const directory = join(root, 'packages', folder);
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  return { folder, directory, manifest, name: manifest.name };
});

/**
 * Every import specifier of our packages, with its source file and its built file.
 *
 * Only built modules count: `dist/x.js` comes from `src/x.ts`. Exports of other files (such as JSON) are omitted.
 */
export const entryPoints = packages.flatMap(({ directory, manifest, name }) =>
  Object.entries(manifest.exports ?? {}).flatMap(([subpath, target]) => {
    const output = typeof target === 'string' ? target : target.default;
    const source = /^\.\/dist\/(.+)\.js$/.exec(output)?.[1];
    if (source === undefined) return [];
    const sourceFile = join(directory, 'src', `${source}.ts`);
    if (!existsSync(sourceFile)) return [];
    return [{ specifier: name + subpath.slice(1), source: sourceFile, output: join(directory, output) }];
  }),
);

/** The source of a part of the elements, as a `browser` or `node` gets it; `undefined` for any other specifier. */
export function partSource(specifier, platform) {
  const name = /^#parts\/([\w-]+)$/.exec(specifier)?.[1];
  return name === undefined ? undefined : join(root, 'packages/elements/src/parts', platform, `${name}.ts`);
}

/** Exact aliases from each specifier to its source, so that tests need no build. */
export const sourceAliases = [
  ...entryPoints.map(({ specifier, source }) => ({
    find: new RegExp(`^${specifier.replaceAll('/', '\\/')}$`),
    replacement: source,
  })),
  { find: /^#parts\/([\w-]+)$/, replacement: join(root, 'packages/elements/src/parts/node/$1.ts') },
];
