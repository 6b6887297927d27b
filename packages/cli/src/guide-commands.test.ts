import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { EXIT } from './exit-code.js';
import { FORMATS, renderReport } from './output/formats/registry.js';
import { SAMPLE } from './output/formats/test-sample.js';
import { runProgram } from './program.js';
import { fakeIo } from './test-io.js';

// The commands that these guides name work as they are written, and print what the guides show.

const DOCS = fileURLToPath(new URL('../../../docs/', import.meta.url));
const read = (path: string) => readFileSync(`${DOCS}${path}`, 'utf8');
const GUIDES = ['guides/monitoring.md', 'guides/check-in-ci.md', 'guides/check-from-cron.md', 'reference/formats.md'];

/** Every `tardy check …` of the blocks and tables of a guide, without what a shell adds to it. */
function commandsOf(guide: string): string[] {
  const found = read(guide).matchAll(/(?:^|[\s"`'/(])tardy (check[^`\n|>]*)/gm);
  return [
    ...new Set(Array.from(found, ([, words = '']) => words.replace(/(?:\s2>&1|\s#|\s…|"\s*\]|",).*$/, '').trim())),
  ];
}

/** Words as a shell would split them. */
function split(command: string): string[] {
  return Array.from(
    command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g),
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
}

const EXAMPLES = read('examples/runs.json');
const CONFIG = 'sources: { host: "file:runs.json" }\n';

async function tardy(command: string) {
  const world = fakeIo({
    files: {
      '/etc/tardy.config.yaml': CONFIG,
      '/project/app/tardy.config.yaml': CONFIG,
      '/etc/runs.json': EXAMPLES,
      '/project/app/runs.json': EXAMPLES,
      '/project/app/report.hbs': '{{summary}}\n',
      '/project/app/mail.html': '<p>{{summary}}</p>\n',
    },
    responses: { '/api/runs': { runs: [] }, '/repos/acme/web/actions/runs': { total_count: 0, workflow_runs: [] } },
  });
  // As of when the examples were made, whatever the guide says.
  const code = await runProgram(world.io, [...split(command), '--now', '2026-11-23T09:00:00Z']);
  return { code, ...world.printed, written: world.written };
}

describe.each(GUIDES)('%s', (guide) => {
  it('has commands', () => expect(commandsOf(guide).length).toBeGreaterThan(0));

  it.each(commandsOf(guide))('tardy %s', async (command) => {
    const { code, out, err } = await tardy(command);
    // 2 for a stuck run is what a plugin says; elsewhere it is a wrong command.
    const allowed: number[] = /--format nagios/.test(command) ? [2] : [EXIT.OK, EXIT.FOUND];
    expect({ command, code, err, allowed: allowed.includes(code) }).toMatchObject({ allowed: true });
    expect(`${out}${err}`).not.toContain('internal error');
  });
});

describe('the guide for monitoring', () => {
  const guide = read('guides/monitoring.md');

  it('shows what the plugin prints', async () => {
    const { code, out } = await tardy('check --config /etc/tardy.config.yaml --timeout 30s --format nagios');
    const shown = /```console\n([^]*?)```/.exec(guide)?.[1];
    expect(out).toBe(shown);
    expect(code).toBe(2);
  });

  it('writes metrics whatever the verdict is', async () => {
    const [command = ''] = commandsOf('guides/monitoring.md').filter((one) => one.includes('prometheus='));
    const { written } = await tardy(command);
    expect([...written.keys()]).toEqual(['/var/lib/prometheus/node-exporter/tardy.prom']);
    expect([...written.values()][0]).toContain('tardy_judged_runs{state="likely_stale"} 1\n');
  });

  it('alerts by metrics that there are, and explains every alert', async () => {
    type Rules = { groups: { rules: { alert: string; expr: string }[] }[] };
    const rules = (parse(read('examples/tardy.rules.yaml')) as Rules).groups.flatMap((group) => group.rules);
    const metrics = await renderReport('prometheus', SAMPLE);
    const used = rules.flatMap(({ expr }) => expr.match(/tardy_\w+/g) ?? []);
    expect(used.length).toBeGreaterThan(3);
    expect(used.filter((name) => !metrics.includes(`# TYPE ${name} gauge`))).toEqual([]);
    expect(rules.map(({ alert }) => alert).filter((alert) => !guide.includes(`\`${alert}\``))).toEqual([]);
  });
});

describe('the reference of the formats', () => {
  const page = read('reference/formats.md');

  it('has every format and every metric', async () => {
    const names = Object.keys(FORMATS);
    expect(names.filter((name) => !page.includes(`| \`${name}\` `))).toEqual([]);
    const metrics =
      (await renderReport('prometheus', SAMPLE)).match(/^# TYPE (\S+)/gm)?.map((line) => line.slice(7)) ?? [];
    expect(metrics.length).toBeGreaterThan(8);
    expect(metrics.filter((name) => !page.includes(`| \`${name.trim()}\` `))).toEqual([]);
  });

  it('shows the line of the plugin', async () => {
    const { out } = await tardy('check host --format nagios');
    expect(page).toContain(out.split('\n')[0]);
  });
});

it('the guide for cron shows what its line prints', async () => {
  const [command = ''] = commandsOf('guides/check-from-cron.md').filter((one) => one.includes('--quiet'));
  const { out, code } = await tardy(command);
  const shown = /```console\n([^]*?)```/.exec(read('guides/check-from-cron.md'))?.[1] ?? '';
  // The path of the config depends on where the command runs.
  // A page has no tabs at the end of a line.
  expect(out.replace('../../etc/', '/etc/').replaceAll(/\t+$/gm, '')).toBe(shown);
  expect(code).toBe(1);
});
