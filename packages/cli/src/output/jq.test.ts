import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { checkJq, jqText } from './jq.js';
import { ATTACKS, harmIn } from './test-attacks.js';
import { aReport, aRun, aStuckRun, hostileRun } from './test-report.js';

const REPORT = aReport([aStuckRun(), aRun({ id: '2', title: 'Export', tenant: undefined })]);

describe('jqText', () => {
  it.each([
    { expression: '.runs[].run.id', expected: '481516\n2\n' },
    { expression: '.totals.active', expected: '2\n' },
    { expression: '.runs[0].run.tenant', expected: '{"id":"7","name":"Acme"}\n' },
    { expression: '.runs | map(.run.title) | join("\\n")', expected: 'Nightly baseline\nExport\n' },
    { expression: '.runs[] | [.run.id, .presentation.label] | @tsv', expected: '481516\tLikely stuck\n2\tRunning\n' },
    { expression: '.runs[] | select(.freshness.state == "late")', expected: '' },
    { expression: '.complete, null, ""', expected: 'true\nnull\n\n' },
    { expression: '-1', expected: '-1\n' },
    { expression: '"Überprüfung 日本語"', expected: 'Überprüfung 日本語\n' },
  ])('$expression', async ({ expression, expected }) => {
    expect(await jqText(REPORT, expression)).toBe(expected);
  });

  it.each([
    { expression: '.runs[', message: /^--jq: error: syntax error, unexpected end of file/ },
    { expression: '.runs | .id', message: /^--jq: error \(at .*\): Cannot index array with string \("id"\)$/ },
    { expression: 'error("no")', message: /no$/ },
    { expression: 'nonsense', message: /nonsense\/0 is not defined/ },
  ])('passes on the message of jq when $expression fails', async ({ expression, message }) => {
    const failure = await jqText(REPORT, expression).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect((failure as UsageError).message).toMatch(message);
  });

  it.each([
    { expression: '.runs[', fails: true },
    { expression: 'nonsense', fails: true },
    { expression: '.runs.id', fails: false },
    { expression: 'error("only when it runs") # with a comment', fails: false },
    { expression: 'def f: 1; f', fails: false },
    { expression: '-1', fails: false },
  ])('is compiled without running: $expression', async ({ expression, fails }) => {
    const failure = await checkJq(expression).catch((error: unknown) => error);
    expect(failure instanceof UsageError).toBe(fails);
  });

  it('does not see the environment', async () => {
    expect(await jqText(REPORT, 'env.PATH, $ENV.HOME')).not.toContain(process.env['PATH'] ?? 'PATH');
  });

  it.each(ATTACKS)('prints nothing dangerous, whatever a source sends: $name', async ({ text }) => {
    const report = aReport([hostileRun(text)]);
    const lines = (await jqText(report, '.runs[0].run | .title, ., (.labels | keys[])')).slice(0, -1).split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(harmIn(line)).toBeUndefined();
  });

  it('sanitizes what the expression decodes', async () => {
    expect(await jqText({ a: 'G1szMW1yZWQKOjplcnJvcjo6eA==' }, '.a | @base64d')).toBe('red\n: :error::x\n');
  });
});
