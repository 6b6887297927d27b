import { createHash } from 'node:crypto';
import { formatInstant } from '@tardy/core';
import { SourceError } from '@tardy/core/sources';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { ATTACKS } from '../output/test-attacks.js';
import { runProgram } from '../program.js';
import { fakeIo, NOON } from '../test-io.js';

const HOUR = 3_600_000;
const ago = (hours: number) => formatInstant(NOON - hours * HOUR);
const row = (id: string, more: Readonly<Record<string, unknown>>) => ({
  id,
  type: 'sync',
  title: `Sync ${id}`,
  ...more,
});
const ended = (hours: number, outcome: string) => ({
  status: 'completed',
  outcome,
  started_at: ago(hours + 1),
  ended_at: ago(hours),
});

const RUNS = [
  row('stuck', { status: 'running', started_at: ago(2), heartbeat_at: ago(1) }),
  row('fine', { status: 'running', started_at: ago(0.1), heartbeat_at: ago(0) }),
  row('failed', ended(20, 'failed')),
  row('failed-before', ended(30, 'failed')),
  row('done', ended(3, 'succeeded')),
];

async function report(argv: readonly string[], runs: readonly unknown[] = RUNS) {
  const world = fakeIo({
    files: { '/project/app/runs.json': JSON.stringify({ runs }) },
    responses: { '/api/runs': () => new SourceError('http', 'HTTP 503') },
  });
  const code = await runProgram(world.io, ['report', ...argv]);
  return { code, out: world.printed.out, err: world.printed.err, written: world.written };
}

/** The runs in the data of a page. */
function dataOf(page: string): {
  readonly runs: readonly { readonly run: { readonly id: string; readonly title: string } }[];
} {
  return JSON.parse(/<script type="application\/json" id="report">(.*?)<\/script>/s.exec(page)?.[1] ?? 'null');
}

describe('a report', () => {
  it.each([
    { argv: [], ids: ['stuck', 'fine'] },
    { argv: ['--since', '24h'], ids: ['stuck', 'failed', 'fine'] },
    { argv: ['--since', '30h'], ids: ['stuck', 'failed', 'failed-before', 'fine'] },
    { argv: ['--since', '2h'], ids: ['stuck', 'fine'] },
  ])('with $argv holds what is active and what ended badly since', async ({ argv, ids }) => {
    const { code, out } = await report(['file:runs.json', ...argv]);
    expect(code).toBe(0);
    expect(dataOf(out).runs.map(({ run }) => run.id)).toEqual(ids);
  });

  it('is written to a file whose ending says its format', async () => {
    const { written, out, err } = await report(['file:runs.json', '-o', 'out/report.json']);
    expect(JSON.parse(written.get('/project/app/out/report.json') ?? '')).toMatchObject({
      schema: 'tardy.report/1',
      verdict: 'stale',
    });
    expect([out, err]).toEqual(['', 'Wrote out/report.json.\n']);
    const page = await report(['file:runs.json', '-o', 'report.HTML']);
    expect(page.written.get('/project/app/report.HTML')).toMatch(/^<!doctype html>/);
  });

  it('is Markdown for a file of that ending, whatever its title holds', async () => {
    const { written } = await report(['file:runs.json', '-o', 'report.md', '--title', 'Night <b>|\n# 2']);
    const text = written.get('/project/app/report.md') ?? '';
    expect(text.split('\n')[0]).toMatch(/^# Night \\<b\\>/);
    expect(text.match(/^#/gm)).toHaveLength(1);
    expect(text).toContain('Sync stuck');
  });

  it('says that it is incomplete, and exits with 3', async () => {
    const { code, out } = await report(['file:runs.json', 'runs:https://host.example/api']);
    expect(code).toBe(3);
    expect(out).toContain('there may be more: 1 of 2 sources is incomplete');
    expect(out).toContain('could not be read: HTTP 503');
    expect(out).toContain('data-complete="false"');
  });

  it.each([
    { argv: ['-o', 'report.pdf'], says: 'The ending of report.pdf says no format' },
    { argv: ['--format', 'pdf'], says: 'pdf' },
    { argv: ['--since', 'yesterday'], says: '--since "yesterday"' },
    { argv: ['nobody'], says: 'Unknown source "nobody"' },
  ])('refuses $argv', async ({ argv, says }) => {
    const failure = await report(argv).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect((failure as UsageError).message).toContain(says);
  });
});

describe('the HTML report', () => {
  it('allows its own style and scripts by their hashes, and nothing else', async () => {
    const { out } = await report(['file:runs.json']);
    const policy =
      /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(out)?.[1]?.replaceAll('&#39;', "'") ?? '';
    const hashes = [...out.matchAll(/<(script type="module"|style)>(.*?)<\/(?:script|style)>/gs)].map(
      ([, , text]) =>
        `'sha256-${createHash('sha256')
          .update(text ?? '')
          .digest('base64')}'`,
    );
    expect(hashes).toHaveLength(3);
    for (const hash of hashes) expect(policy).toContain(hash);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    // Nothing is loaded: no URL in an attribute that loads one.
    expect(out).not.toMatch(/<(?:link|img|iframe)|\ssrc=/);
  });

  it.each(ATTACKS)('holds what a title and a source say as text only: $name', async ({ text }) => {
    const { out } = await report(
      ['file:runs.json', '--title', text],
      [row('a', { status: 'running', title: text, started_at: ago(9) })],
    );
    expect(out.match(/<script/g)).toHaveLength(3);
    expect(out.match(/<\/script/g)).toHaveLength(3);
    expect(out).not.toMatch(/<(?:img|svg|b)\b/);
    expect(dataOf(out).runs[0]?.run.title).toBeDefined();
  });
});
