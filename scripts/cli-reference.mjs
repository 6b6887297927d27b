// docs/reference/cli.md: the help of every command, asked of the built command line, and the kinds of source.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { capture } from './tool.mjs';
import { root } from './workspace.mjs';

const path = 'docs/reference/cli.md';

/** For `generated.mjs`. */
export const cliReference = {
  path,
  make: async () => {
    const options = await resolveConfig(join(root, path));
    return format([INTRODUCTION, ...commandSections([]), await sourcesSection()].join('\n\n'), {
      ...options,
      filepath: path,
    });
  },
};

const INTRODUCTION = `# The command line

<!-- Written by \`npm run generate\` from the help of the commands. Change the help, not this page. -->

Results go to stdout; progress and complaints go to stderr. See also [exit codes](exit-codes.md), [the config file](config.md) and
[the report](report.md).`;

function commandSections(command) {
  const help = helpOf(command);
  const title = ['tardy', ...command].join(' ');
  const below = subcommands(help).flatMap((name) => commandSections([...command, name]));
  return [`## \`${title}\`\n\n\`\`\`text\n${help.trimEnd()}\n\`\`\``, ...below];
}

function subcommands(help) {
  const list = /^Commands:\n((?: .*\n?)*)/m.exec(help)?.[1] ?? '';
  return [...list.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name).filter((name) => name !== 'help');
}

function helpOf(command) {
  // Without a terminal the help is 80 columns wide, whatever machine writes it.
  const { ok, stdout, detail } = capture(process.execPath, ['packages/cli/bin/tardy.mjs', ...command, '--help'], {
    cwd: root,
  });
  if (!ok) throw new Error(`tardy ${command.join(' ')} --help failed: ${detail}`);
  return stdout;
}

async function sourcesSection() {
  const { SOURCE_KINDS } = await import(pathToFileURL(join(root, 'packages/core/dist/sources/index.js')).href);
  const rows = Object.entries(SOURCE_KINDS).map(([kind, { title, example }]) => {
    const page = PAGES[kind] ?? `sources/${kind}.md`;
    const name = existsSync(join(root, 'docs', page)) ? `[${title}](../${page})` : title;
    return `| ${name} | \`${example}\` |`;
  });
  return `## Sources

| source | written |
| --- | --- |
${rows.join('\n')}
| a saved report, a page of the run API or NDJSON | \`file:report.json\` |
| the same on standard input | \`-\` |

Without a source on the command line, all sources of the [config file](config.md) are read; without those, in GitHub Actions
the repository and in GitLab CI the project that the job runs in.`;
}

const PAGES = { runs: 'reference/run-api.md', http: 'guides/any-json-api.md' };
