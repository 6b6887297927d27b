// docs/reference/cli.md: the help of every command, asked of the built command line, and the kinds of source.
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { sourceKinds, uriTable } from './source-tables.mjs';
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
  return `## Sources

${uriTable(await sourceKinds(), '../../')}

Without a source on the command line, all sources of the [config file](config.md) are read; without those, in GitHub, Gitea and
Forgejo Actions the repository, and in GitLab CI and Azure Pipelines the project that the job runs in.`;
}
