// What the documentation says about every kind of target, generated from the descriptors of the command line: the tables of the reference of
// the config file.
import { build } from 'esbuild';
import { replaceBlock } from './blocks.mjs';
import { entryPoints, root } from './workspace.mjs';

/** For `generated.mjs`. Follows the tables of the sources, which are in the same file. */
export async function withTargetTables(text) {
  const kinds = await targetKinds();
  const tables = replaceBlock(text, 'kinds of target', kindTable(kinds));
  return replaceBlock(tables, 'fields of targets', kinds.map(fieldTable).join('\n\n'));
}

/** The command line is one bundle, so its descriptors are bundled on their own. */
async function targetKinds() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['packages/cli/src/notify/kinds.ts'],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
    plugins: [
      {
        name: 'packages-from-source',
        setup: (bundle) => {
          bundle.onResolve({ filter: /^@tardy\// }, ({ path: specifier }) => {
            const entry = entryPoints.find((one) => one.specifier === specifier);
            return entry === undefined ? undefined : { path: entry.source };
          });
        },
      },
    ],
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  const { TARGET_KINDS } = await import(`data:text/javascript;base64,${code}`);
  return TARGET_KINDS;
}

function kindTable(kinds) {
  const rows = kinds.map(({ kind, title, sends, twice }) => `| \`${kind}\` | ${title} | ${sends} | ${twice} |`);
  return `| kind | is | sends | a message that is sent twice |\n| --- | --- | --- | --- |\n${rows.join('\n')}`;
}

function fieldTable({ kind, fields }) {
  const rows = Object.entries(fields).map(([name, field]) => {
    const { description = '', secret } = field.meta() ?? {};
    const optional = field.safeParse(undefined).success ? 'no' : 'yes';
    const reference = secret === 'always' ? 'always' : secret === 'maybe' ? 'if you like' : 'no';
    return `| \`${name}\` | ${optional} | ${reference} | ${description} |`;
  });
  return `\`${kind}\`:\n\n| field | required | a reference | is |\n| --- | --- | --- | --- |\n${rows.join('\n')}`;
}
