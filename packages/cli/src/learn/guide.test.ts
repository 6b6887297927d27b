import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { runProgram } from '../program.js';
import { fakeIo } from '../test-io.js';

const docs = (path: string) => fileURLToPath(new URL(`../../../../docs/${path}`, import.meta.url));

/** The commands of a guide, each with the output that it shows. */
function commandsOf(guide: string): { readonly argv: readonly string[]; readonly shown: string | undefined }[] {
  return [...guide.matchAll(/```sh\ntardy (.*)\n```\n(?:\n```text\n([^]*?)```\n)?/g)].map(([, line = '', shown]) => ({
    argv: line.split(' '),
    shown,
  }));
}

it('the commands of the guide print what it shows, one after another', async () => {
  const commands = commandsOf(readFileSync(docs('guides/learn-thresholds.md'), 'utf8'));
  const history = gunzipSync(readFileSync(docs('examples/ci-history.csv.gz'))).toString();
  const files: Record<string, string> = { '/project/app/docs/examples/ci-history.csv.gz': history };
  expect(commands).toHaveLength(5);
  for (const { argv, shown } of commands) {
    const world = fakeIo({ files, env: { LANG: 'en_US.UTF-8' } });
    expect(await runProgram(world.io, argv)).toBe(0);
    // The formatter of the docs removes empty last columns.
    const printed = world.printed.out.replaceAll(/\t+$/gm, '');
    expect(printed).toBe(shown ?? printed);
    for (const [path, text] of world.written) files[path] = text;
  }
  expect(files['/project/app/tardy.policy.yaml']).toContain('run: { late: 16m, stale: 31m }');
});
