import { describe, expect, it } from 'vitest';
import { createPolicy } from '@tardy/core';
import { learnSchema, loadPolicy } from '@tardy/core/schema';
import { ciTable } from '../backtest/test-history-text.js';
import { parseYaml } from '../config/parse-yaml.js';
import { UsageError } from '../errors.js';
import { runProgram } from '../program.js';
import { fakeIo } from '../test-io.js';

const BY_HAND = `version: 1
# ours
rules:
    # never touch this
    - match: { type: "deploy*" }
      run: { late: 2h, stale: 5h } # by hand
`;

async function run(files: Readonly<Record<string, string>>, ...argv: string[]) {
  const world = fakeIo({
    files: Object.fromEntries(
      Object.entries({ 'ci.csv': ciTable(), ...files }).map(([name, text]) => [`/project/app/${name}`, text]),
    ),
  });
  const code = await runProgram(world.io, ['learn', 'ci.csv', ...argv]);
  const written = world.written.get('/project/app/policy.yaml');
  return { code, out: world.printed.out, err: world.printed.err, written };
}

describe('what learn proposes', () => {
  it('comes as JSON with all its evidence', async () => {
    const { code, out } = await run({}, '--format', 'json');
    const report = learnSchema.parse(JSON.parse(out));
    expect(code).toBe(0);
    expect(report.proposals.map(({ type }) => type)).toEqual([null, 'web/CI']);
    expect(report.proposals[1]).toMatchObject({
      source: 'ci',
      clock: 'run',
      limits: 'system',
      runs: 1987,
      days: 100,
      left_out: { cut: 13 },
      limit_s: 21_600,
      learned: true,
      stale: { threshold: '18m', share: 0.995, margin: 1.5, exceedances: 0, by: 'margin' },
      refused: null,
    });
    expect(report.plan.changes.map(({ kind }) => kind)).toEqual(['add', 'add']);
    expect(report.plan.expected).toMatchObject({ false_alarms: 0 });
    expect(() => createPolicy({ version: 1, rules: report.rules })).not.toThrow();
  });

  it('comes as text: the distribution with its thresholds, the evidence and the plan', async () => {
    const { out } = await run({}, '--diff');
    expect(out).toContain('ci · web/CI   1,987 runs since 2026-01-05, 13 that reached their limit left out');
    expect(out).toMatch(/#+ +1,730 {3}< late 14m\n/);
    expect(out).toMatch(/# +13 {3}< 13 hung\n/);
    expect(out).toContain('  stale 18m: 1.5 x 12m (99.5 % took less); 0 of 1,192 replayed runs were longer\n');
    expect(out).toContain('+ ci · web/CI: late 14m, stale 18m\n');
    expect(out).toContain(
      'Plan: 2 rules to add, 0 to change, 0 unchanged, 0 refused. Expect 0 false alarms per 1,000 runs',
    );
  });

  it('comes as a policy in YAML that explains each number', async () => {
    const { out } = await run({}, '--format', 'yaml');
    expect(out).toContain('    run: { late: 14m, stale: 18m } # 1.1 x');
    const policy = loadPolicy(await parseYaml(out, 'out'));
    expect(policy.document.rules[1]).toMatchObject({
      match: { source: 'ci', type: 'web/CI' },
      run: { stale: '18m' },
      learned: { at: '2026-11-23', since: '2026-01-05', runs: 1987, target: { late: 0.005, stale: 0.001 } },
    });
  });

  it('comes as one page that needs no other file', async () => {
    const { out } = await run({ 'ci.csv': ciTable({ type: '<b>web & "CI"' }) }, '--format', 'html');
    expect(out).toContain('<h2>ci · &#60;b&#62;web &#38; &#34;CI&#34;</h2>');
    expect(out.match(/<svg/g)).toHaveLength(2);
    expect(out).toContain('class="cut"');
    expect(out).toMatch(/<text class="label"[^>]*>late 14m<\/text>/);
    expect(out).toMatch(/<text class="label"[^>]*>stale 18m<\/text>/);
    expect(out).toMatch(/<text class="tick"[^>]*>13 hung<\/text>/);
    expect(out).toMatch(/<main>.*<\/main>/s);
    expect(out).not.toMatch(/(?:src|href|url)\s*[=(]/);
    expect(out).not.toContain('NaN');
  });

  it('is nothing, with the reason, where the history is too short', async () => {
    const { code, out } = await run({ 'ci.csv': ciTable({ days: 4 }) });
    expect(code).toBe(3);
    expect(out).toContain(
      'refused   ci · web/CI   its runs ended on 4 days, 5 needed: those of one day are not independent\n',
    );
  });
});

describe('learn --write', () => {
  it('makes a new policy', async () => {
    const { written, err } = await run({}, '--write', 'policy.yaml');
    expect(
      written?.startsWith('version: 1\nrules:\n  # learned by tardy learn on 2026-11-23; target: stale 1/1000'),
    ).toBe(true);
    expect(loadPolicy(await parseYaml(written ?? '', 'policy.yaml')).document.rules).toHaveLength(2);
    expect(err).toContain('wrote 2 learned rules to policy.yaml');
  });

  it('leaves what is written by hand byte for byte, after the learned rules', async () => {
    const { written } = await run({ 'policy.yaml': BY_HAND }, '--write', 'policy.yaml');
    const [before = '', after = ''] = BY_HAND.split('rules:\n');
    expect(written?.startsWith(`${before}rules:\n    # learned by tardy learn`)).toBe(true);
    expect(written?.endsWith(after)).toBe(true);
    const { rules } = loadPolicy(await parseYaml(written ?? '', 'policy.yaml')).document;
    expect(rules.map(({ learned }) => learned !== undefined)).toEqual([true, true, false]);
  });

  it('replaces only its own rules, and says when nothing changes', async () => {
    const first = await run({ 'policy.yaml': BY_HAND }, '--write', 'policy.yaml');
    const again = await run({ 'policy.yaml': first.written ?? '' }, '--write', 'policy.yaml', '--exit-code');
    expect(again.written).toBe(first.written);
    expect(again.code).toBe(0);
    expect(again.out).toContain('Plan: 0 rules to add, 0 to change, 2 unchanged');
    const slower = (first.written ?? '').replace('stale: 18m', 'stale: 40m');
    const third = await run({ 'policy.yaml': slower }, '--write', 'policy.yaml', '--exit-code', '--diff');
    expect(third.code).toBe(1);
    expect(third.out).toMatch(/~ ci · [^:]*: late 14m, stale 40m -> late 14m, stale (?:18m|24m)\n/);
    expect(third.written).toBe(first.written);
  });

  it('keeps learned rules that the history says nothing about', async () => {
    const first = await run({}, '--as', 'other', '--write', 'policy.yaml');
    const { written } = await run({ 'policy.yaml': first.written ?? '' }, '--write', 'policy.yaml');
    const { rules } = loadPolicy(await parseYaml(written ?? '', 'policy.yaml')).document;
    expect(rules.map(({ match }) => match['source'])).toEqual(['other', 'other', 'ci', 'ci']);
  });

  it('names the rules by hand that win over a learned one', async () => {
    const { out } = await run({ 'policy.yaml': BY_HAND.replace('deploy*', 'web/*') }, '--write', 'policy.yaml');
    expect(out).toContain('by hand   ci · web/CI: rules[0].run.stale wins over the learned run.stale\n');
  });

  it('says which learned rules are worn', async () => {
    const first = await run(
      { 'ci.csv': ciTable({ days: 40 }) },
      '--now',
      '2026-02-14T00:00:00Z',
      '--write',
      'policy.yaml',
    );
    const short = (first.written ?? '').replace(
      /(web.CI.*\n +run: )\{ late: \w+, stale: \w+ \}/,
      '$1{ late: 11m, stale: 11m }',
    );
    const { out } = await run({ 'policy.yaml': short }, '--policy', 'policy.yaml');
    expect(out).toMatch(
      /worn {6}ci · web\/CI {3}\d+ of 1,1\d\d runs since 2026-02-14 passed its stale, 1\/1000 promised\n/,
    );
    const { out: json } = await run({ 'policy.yaml': short }, '--policy', 'policy.yaml', '-f', 'json');
    expect(learnSchema.parse(JSON.parse(json)).worn).toMatchObject([
      { code: 'policy_worn', rule: 'rules[1].run.late' },
      { code: 'policy_worn', rule: 'rules[1].run.stale', target: 0.001 },
    ]);
  });

  it.each([
    ['a flow list', 'version: 1\nrules: []\n', 'its rules stand in one line'],
    [
      'half a mark',
      'version: 1\nrules:\n  # learned by tardy learn on 2026-01-01\n  - match: { type: a }\n    run: { stale: 9h }\n',
      'only one of the two lines',
    ],
    ['a contradiction', 'version: 1\nrules:\n  - match: { type: "web/*" }\n    run: { late: 1h }\n', 'Invalid policy'],
  ])('refuses %s and writes nothing', async (_, text, message) => {
    await expect(run({ 'policy.yaml': text }, '--write', 'policy.yaml')).rejects.toThrow(message);
    await expect(run({ 'policy.yaml': text }, '--write', 'policy.yaml')).rejects.toThrow(UsageError);
  });
});

describe('the flags of learn', () => {
  it.each([
    [['--target', 'fast=1/1000'], 'is not a target'],
    [['--target', 'stale=often'], 'is not a rate'],
    [['--confidence', '100%'], '--confidence must be'],
    [['--min-runs', '5'], '--min-runs cannot be less than 20'],
    [['--clock', 'hold'], 'unknown clock "hold"'],
  ])('%j is refused', async (flags, message) => {
    await expect(run({}, ...flags)).rejects.toThrow(message);
  });

  it('choose the clock, the types and the promise', async () => {
    const queue = learnSchema.parse(JSON.parse((await run({}, '--clock', 'queue', '-f', 'json')).out));
    expect(queue.rules).toMatchObject([{ match: { source: 'ci' }, queue: { late: '2m', stale: '5m' } }]);
    const none = learnSchema.parse(JSON.parse((await run({}, '--type', 'x*', '-f', 'json')).out));
    expect(none.rules.map(({ match }) => match)).toEqual([{ source: 'ci' }]);
    const strict = learnSchema.parse(JSON.parse((await run({}, '--target', 'stale=0.01%', '-f', 'json')).out));
    expect(strict.target).toEqual({ late: 0.005, stale: 0.0001 });
  });
});
