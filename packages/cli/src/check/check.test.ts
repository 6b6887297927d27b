import { formatInstant } from '@tardy/core';
import { SourceError } from '@tardy/core/sources';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { runProgram } from '../program.js';
import { scrubbedIo } from '../scrubbed-io.js';
import { fakeIo, instant, NOON, optionsOf, type Responses } from '../test-io.js';
import { checkCommand } from './check.js';

const HOST = 'runs:https://host.example/api';
const LIST = '/api/runs?status=queued,running&limit=500';

function wireRun(id: string, minutesSilent: number, more: Readonly<Record<string, unknown>> = {}) {
  return {
    id,
    type: 'baseline_compare',
    title: `Compare ${id}`,
    status: 'running',
    started_at: formatInstant(NOON - (minutesSilent + 12) * 60_000),
    heartbeat_at: formatInstant(NOON - minutesSilent * 60_000),
    ...more,
  };
}

const fresh = wireRun('fresh', 0);
const late = wireRun('late', 3);
const stuck = wireRun('stuck', 42);
const unknown = { id: 'timeless', type: 'sync', status: 'running' };

const NEVER =
  '{ queue: { late: never, stale: never }, run: { late: never, stale: never }, silence: { late: never, stale: never }, hold: { late: never, stale: never } }';

async function check(responses: Responses, ...flags: string[]) {
  const world = fakeIo({ responses });
  const code = await runProgram(world.io, ['check', HOST, ...flags]);
  return { code, out: world.printed.out, err: world.printed.err };
}

const healthy = { heartbeat_at: formatInstant(NOON) };

/** A response that changes: each in turn, then the last one again. */
function inTurn(...bodies: readonly unknown[]): () => unknown {
  let next = 0;
  return () => bodies[Math.min(next++, bodies.length - 1)];
}

const listing = (...runs: unknown[]): Responses => ({
  [LIST]: { runs, now: formatInstant(NOON) },
  ...Object.fromEntries(runs.map((run) => [`/api/runs/${(run as { id: string }).id}`, run])),
});

describe('the flags of check', () => {
  it.each([
    {
      argv: ['ci'],
      expected: { sources: ['ci'], failOn: 'stale', allowUnknown: false, all: false, at: undefined, timeoutMs: 60_000 },
    },
    {
      argv: ['--fail-on', 'late', '--allow-unknown', '-a'],
      expected: { sources: [], failOn: 'late', allowUnknown: true, all: true },
    },
    { argv: ['--now', '2026-11-23T12:00:00Z', '--timeout', '2m'], expected: { at: NOON, timeoutMs: 120_000 } },
    {
      argv: ['--json', 'id,state'],
      expected: { fields: ['id', 'state'], targets: [{ format: 'json', path: undefined }] },
    },
    {
      argv: ['--format', 'text,json=out.json'],
      expected: {
        targets: [
          { format: 'text', path: undefined },
          { format: 'json', path: 'out.json' },
        ],
      },
    },
  ])('reads $argv', async ({ argv, expected }) => {
    expect(await optionsOf(checkCommand, argv)).toMatchObject(expected);
  });

  it.each([
    { argv: ['check', '--now', 'yesterday'], says: '--now "yesterday" is not a valid time' },
    { argv: ['check', '--timeout', '0s'], says: '--timeout "0s"' },
    { argv: ['check', '--fail-on', 'sometimes'], says: 'sometimes' },
    { argv: ['check', '--format', 'pdf'], says: 'Unknown format "pdf" in --format' },
    { argv: ['check', '--format', 'json,text'], says: 'same place' },
    { argv: ['check', '--json', 'id,colour'], says: 'Unknown field "colour" in --json' },
    { argv: ['check', '--nonsense'], says: 'unknown option' },
    { argv: ['check', 'nobody'], says: 'Unknown source "nobody"' },
    { argv: ['check', 'gopher:host'], says: 'Unknown kind of source "gopher"' },
    { argv: ['check'], says: 'no source to read' },
    { argv: ['frobnicate'], says: 'unknown command' },
  ])('refuses $argv', async ({ argv, says }) => {
    const failure = await runProgram(fakeIo().io, argv).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect(String(failure)).toContain(says);
  });
});

describe('the exit code of check', () => {
  it.each([
    { when: 'all runs are fresh', runs: [fresh], flags: [], expected: 0 },
    { when: 'nothing is active', runs: [], flags: [], expected: 0 },
    { when: 'a run is late', runs: [fresh, late], flags: [], expected: 0 },
    { when: 'a run is late and that is the level', runs: [late], flags: ['--fail-on', 'late'], expected: 1 },
    { when: 'a run is likely stuck', runs: [fresh, stuck], flags: [], expected: 1 },
    { when: 'a run is likely stuck and late is the level', runs: [stuck], flags: ['--fail-on', 'late'], expected: 1 },
    { when: 'a run is likely stuck and --fail-on is never', runs: [stuck], flags: ['--fail-on', 'never'], expected: 0 },
    { when: 'a run cannot be judged', runs: [fresh, unknown], flags: [], expected: 3 },
    { when: 'a run cannot be judged and that is allowed', runs: [unknown], flags: ['--allow-unknown'], expected: 0 },
    { when: 'one is stuck and one cannot be judged', runs: [stuck, unknown], flags: [], expected: 1 },
    {
      when: 'a run cannot be read',
      runs: [fresh, { id: 'odd', type: 'x', status: 'dancing' }],
      flags: [],
      expected: 3,
    },
    {
      when: 'one is stuck and one cannot be read',
      runs: [stuck, { id: 'odd', type: 'x', status: 1 }],
      flags: [],
      expected: 1,
    },
  ])('is $expected when $when', async ({ runs, flags, expected }) => {
    const { code, out } = await check(listing(...runs), ...flags);
    expect(code).toBe(expected);
    expect(out.includes('Nothing is late or stuck')).toBe(runs.every((run) => run === fresh));
  });

  it('is 3 if the source fails, and the report says why', async () => {
    const { code, err } = await check({ [LIST]: new SourceError('auth', 'The token was refused (401).') });
    expect(code).toBe(3);
    expect(err).toContain('The token was refused (401).');
  });

  it('is 1 if one source fails and another has a stuck run', async () => {
    const world = fakeIo({ responses: listing(stuck) });
    const code = await runProgram(world.io, ['check', HOST, 'runs:https://other.example/nothing']);
    expect(code).toBe(1);
    expect(world.printed.err).toContain('/nothing/runs');
  });
});

describe('a file that cannot be written', () => {
  it('is an error before any source is asked', async () => {
    const asked: string[] = [];
    const world = fakeIo({ responses: { [LIST]: () => void asked.push(LIST) }, unwritable: ['/project/app/a.json'] });
    const argv = ['check', HOST, '--format', 'text,ndjson=b.ndjson,json=a.json'];
    const failure = await runProgram(world.io, argv).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect(String(failure)).toContain('/project/app/a.json cannot be written');
    expect([asked, [...world.written], world.printed.out]).toEqual([[], [], '']);
  });

  it.each([
    { when: 'a run is stuck', responses: listing(stuck), expected: 1 },
    { when: 'the source fails', responses: {}, expected: 3 },
    { when: 'all runs are fresh', responses: listing(fresh), expected: 2 },
  ])(
    'does not hide the verdict when $when and the disk fills up, nor the other outputs',
    async ({ responses, expected }) => {
      const world = fakeIo({ responses, full: ['/project/app/a.json'] });
      const code = await runProgram(world.io, ['check', HOST, '--format', 'json=a.json,text,ndjson=b.ndjson']);
      expect(code).toBe(expected);
      expect(world.printed.out).not.toBe('');
      expect(world.printed.err).toContain('/project/app/a.json cannot be written: the disk is full');
      expect([...world.written.keys()]).toEqual(['/project/app/b.ndjson']);
    },
  );
});

describe('a jq expression', () => {
  it('that cannot be compiled is an error before any source is asked', async () => {
    const asked: string[] = [];
    const world = fakeIo({ responses: { [LIST]: () => void asked.push(LIST) } });
    const failure = await runProgram(world.io, ['check', HOST, '--jq', '.runs[']).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect([asked, world.printed.out]).toEqual([[], '']);
  });

  it.each([
    { when: 'a run is stuck', responses: listing(stuck), expected: 1 },
    { when: 'all runs are fresh', responses: listing(fresh), expected: 2 },
  ])('that fails does not hide the verdict when $when', async ({ responses, expected }) => {
    const { code, out, err } = await check(responses, '--jq', '.runs.id');
    expect([code, out]).toEqual([expected, '']);
    expect(err).toContain('tardy: --jq: ');
  });
});

describe('confirming before an alarm', () => {
  it('drops a run that ended between the list and the second look', async () => {
    const responses = { ...listing(stuck), '/api/runs/stuck': { ...stuck, status: 'completed', outcome: 'succeeded' } };
    const { code, out } = await check(responses, '--json');
    const report = JSON.parse(out) as { runs: unknown[]; totals: { active: number }; sources: { dropped: number }[] };
    expect(code).toBe(0);
    expect(report).toMatchObject({
      runs: [],
      totals: { active: 0, likely_stale: 0 },
      sources: [{ rechecked: 1, dropped: 1 }],
    });
  });

  it('drops a run that a complete list no longer has', async () => {
    const responses = { [LIST]: inTurn({ runs: [stuck] }, { runs: [] }) };
    expect((await check(responses)).code).toBe(0);
  });

  it('drops a run that sent a heartbeat, and counts it as fresh', async () => {
    const responses = { ...listing(stuck), '/api/runs/stuck': { ...stuck, heartbeat_at: formatInstant(NOON) } };
    const { code, out } = await check(responses, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ totals: { active: 1, fresh: 1 }, runs: [] });
  });

  it('keeps the alarm if the second look fails, and says so', async () => {
    const responses = {
      [LIST]: inTurn({ runs: [stuck] }, new SourceError('timeout', 'took too long')),
      '/api/runs/stuck': new SourceError('network', 'no connection'),
    };
    const { code, out } = await check(responses, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      complete: false,
      sources: [
        {
          rechecked: 0,
          dropped: 0,
          unconfirmed: 1,
          requests: 2,
          max_requests: 200,
          issues: [
            { id: 'stuck', reason: 'not confirmed by a second look: no connection' },
            { id: null, reason: 'No second look at its runs succeeded, so none of them is confirmed.' },
          ],
        },
      ],
      runs: [{ run: { id: 'stuck' }, freshness: { confirmed: false } }],
    });
    const text = await check({ ...responses, [LIST]: inTurn({ runs: [stuck] }, {}) });
    expect(text.out).toContain('1 run could not be confirmed by a second look.');
  });

  it('says of a run that it was confirmed', async () => {
    const { out } = await check(listing(stuck), '--json', 'id,confirmed,reason');
    expect(JSON.parse(out)).toMatchObject([{ id: 'stuck', confirmed: true }]);
    expect(out).not.toContain('Not confirmed');
  });

  it.each([
    {
      when: 'the URL of the run does not exist',
      responses: { [LIST]: { runs: [stuck] } },
    },
    {
      when: 'it responds with another run',
      responses: { [LIST]: { runs: [stuck] }, '/api/runs/stuck': { ...fresh, id: 'zzz' } },
    },
    {
      when: 'another source has a healthy run of that id',
      responses: {
        [LIST]: { runs: [{ ...stuck, source: 'ci' }] },
        '/api/runs/stuck': { ...stuck, ...healthy, source: 'etl' },
      },
    },
    {
      when: 'a later attempt is healthy',
      responses: { [LIST]: { runs: [stuck] }, '/api/runs/stuck': { ...stuck, ...healthy, attempt: 2 } },
    },
    ...[null, [], 'text', {}, { error: 'no' }, { ...stuck, status: 'dancing' }, { ...stuck, started_at: 7 }].map(
      (body) => ({
        when: `the second look gets ${JSON.stringify(body).slice(0, 60)}`,
        responses: { [LIST]: { runs: [stuck] }, '/api/runs/stuck': body },
      }),
    ),
    {
      when: 'the heartbeat is missing in the second response',
      responses: { [LIST]: { runs: [stuck] }, '/api/runs/stuck': { ...stuck, heartbeat_at: null } },
    },
    {
      when: 'the list is not complete the second time',
      responses: { [LIST]: inTurn({ runs: [stuck] }, { runs: [], complete: false }) },
    },
    {
      when: 'a row of the list cannot be read the second time',
      responses: { [LIST]: inTurn({ runs: [stuck] }, { runs: [{ ...stuck, status: 5 }] }) },
    },
  ])('does not clear a run if $when', async ({ responses }) => {
    const { code, out } = await check(responses, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ totals: { likely_stale: 1 }, runs: [{ run: { id: 'stuck' } }] });
  });

  it('requests a run of the source that its row names', async () => {
    const named = { ...stuck, source: 'ci' };
    const { code } = await check({
      [LIST]: { runs: [named] },
      '/api/runs/stuck?source=ci': { ...named, status: 'completed', outcome: 'succeeded' },
    });
    expect(code).toBe(0);
  });

  it('reads the list again instead of many runs', async () => {
    const many = Array.from({ length: 60 }, (_, index) => wireRun(`s${index}`, 60));
    const lists = inTurn({ runs: many }, { runs: many.slice(0, 59) });
    const { out } = await check({ [LIST]: lists }, '--json');
    expect(JSON.parse(out)).toMatchObject({
      totals: { active: 59, likely_stale: 59 },
      // One for the list, one for the run that it lacks.
      sources: [{ rechecked: 60, dropped: 1, unconfirmed: 0, requests: 2 }],
    });
  });

  it('sends no more requests than it may, and lists what it could not confirm last', async () => {
    const runs = [wireRun('a', 90), wireRun('b', 60), wireRun('c', 50), wireRun('d', 70)];
    const responses = { ...listing(...runs), [LIST]: inTurn({ runs }, new SourceError('http', 'HTTP 500')) };
    const { code, out } = await check(responses, '--json', '--max-requests', '3');
    const report = JSON.parse(out) as { runs: { run: { id: string }; freshness: { confirmed: boolean } }[] };
    expect(code).toBe(1);
    expect(report).toMatchObject({ sources: [{ rechecked: 2, unconfirmed: 2, requests: 3 }] });
    expect(report.runs.map(({ run, freshness }) => [run.id, freshness.confirmed])).toEqual([
      ['a', true],
      ['d', true],
      ['b', false],
      ['c', false],
    ]);
  });

  it('looks again at late runs where they fail the check', async () => {
    const responses = { ...listing(late), '/api/runs/late': { ...late, heartbeat_at: formatInstant(NOON) } };
    expect((await check(responses, '--fail-on', 'late')).code).toBe(0);
  });

  it('looks again only at runs that raise an alarm', async () => {
    const { out } = await check(listing(late, unknown), '--json');
    expect(JSON.parse(out)).toMatchObject({ sources: [{ rechecked: 0 }] });
  });
});

describe('a source that sends what nobody can use', () => {
  const rule = { match: { 'labels.team': 'x' }, run: { late: '1h' } };

  it.each<{ what: string; responses: Responses; code: string }>([
    { what: 'rules that are a number', responses: { '/api/policy': { version: 1, rules: 5 } }, code: 'shape' },
    { what: 'a rule that is null', responses: { '/api/policy': { version: 1, rules: [null] } }, code: 'shape' },
    { what: 'a rule without a match', responses: { '/api/policy': { version: 1, rules: [{}] } }, code: 'shape' },
    {
      what: 'a match that is null',
      responses: { '/api/policy': { version: 1, rules: [{ match: null }] } },
      code: 'shape',
    },
    {
      what: 'a glob that is an object',
      responses: { '/api/policy': { version: 1, rules: [{ match: { type: {} } }] } },
      code: 'shape',
    },
    { what: 'defaults that are text', responses: { '/api/policy': { version: 1, defaults: 'none' } }, code: 'shape' },
    {
      what: 'a policy of 200,000 rules',
      responses: { '/api/policy': { version: 1, rules: Array.from({ length: 200_000 }, () => rule) } },
      code: 'shape',
    },
    { what: 'a next that is no URL', responses: { [LIST]: { runs: [], next: 'http://[' } }, code: 'shape' },
    { what: 'half a surrogate pair as next', responses: { [LIST]: { runs: [], next: '\ud800' } }, code: 'shape' },
    { what: 'what makes Tardy itself fail', responses: { [LIST]: new TypeError('odd') }, code: 'internal' },
  ])('does not hide the runs of others: $what', async ({ responses, code }) => {
    const world = fakeIo({
      responses: { [LIST]: { runs: [fresh] }, ...responses },
      files: { '/project/app/stuck.json': JSON.stringify({ runs: [stuck] }) },
    });
    const exit = await runProgram(world.io, ['check', 'file:stuck.json', HOST, '--json']);
    expect(exit).toBe(1);
    expect(JSON.parse(world.printed.out)).toMatchObject({
      runs: [{ run: { id: 'stuck' } }],
      sources: [
        { complete: true, error: null },
        { complete: false, error: { code } },
      ],
    });
  });

  it.each([['heartbeat', { started_at: '2026-11-23T11:59:00Z', heartbeat_at: '2099-01-01T00:00:00Z' }]])(
    'cannot tell of a run whose %s lies in the future',
    async (_, times) => {
      const row = { ...fresh, ...times };
      const { code, out } = await check(listing(row), '--json');
      expect(code).toBe(3);
      expect(JSON.parse(out)).toMatchObject({
        sources: [{ complete: false, issues: [{ id: row.id, reason: expect.stringContaining('in the future') }] }],
      });
    },
  );

  it('cannot tell if its responses contradict each other about the time', async () => {
    const world = fakeIo({ responses: listing(fresh), clockJumpMs: 24 * 3_600_000 });
    expect(await runProgram(world.io, ['check', HOST])).toBe(3);
    const { out, err } = world.printed;
    expect(`${out}${err}`).toContain('Its responses contradict each other about the time, by 1 d.');
  });

  it('refuses a policy whose globs are too long to be compared with every run', async () => {
    const policy = { version: 1, rules: [{ match: { type: '*a'.repeat(100_000) }, run: { late: '1h' } }] };
    const { code, out } = await check({ ...listing(fresh), '/api/policy': policy }, '--json');
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ sources: [{ error: { code: 'shape' } }] });
  });

  it('keeps a stuck run whose id no URL can hold', async () => {
    const { code, out } = await check({ [LIST]: { runs: [{ ...stuck, id: '\ud800' }] } }, '--json');
    expect(code).toBe(1);
    const sources = [{ complete: false, error: { code: 'shape' } }];
    expect(JSON.parse(out)).toMatchObject({ totals: { likely_stale: 1 }, sources });
  });
});

describe('what check judges by', () => {
  it('uses the policy that a run API publishes', async () => {
    const policy = { version: 1, defaults: { silence: { late: '1h', stale: '2h' }, run: { late: '1d', stale: '2d' } } };
    expect((await check({ ...listing(stuck), '/api/policy': policy })).code).toBe(0);
  });

  it('prefers --policy', async () => {
    const world = fakeIo({
      responses: {
        ...listing(stuck),
        '/api/policy': { version: 1, defaults: { silence: { late: '1h', stale: '2h' } } },
      },
      files: { '/project/app/strict.yaml': 'version: 1\n' },
    });
    expect(await runProgram(world.io, ['check', HOST, '--policy', 'strict.yaml'])).toBe(1);
  });

  it.each([
    { when: 'it is not YAML', text: 'version: [1', says: 'strict.yaml:1' },
    { when: 'it is some other file', text: 'root:x:0:0:s3cret\ndaemon:x:1:1', says: 'it has no keys such as version' },
    { when: 'it is a list', text: '- s3cret', says: 'it has no keys such as version' },
    { when: 'a key is misspelt', text: 'version: 1\ndefaults: { quue: { late: 5m } }', says: 'defaults' },
    {
      when: 'late exceeds stale',
      text: 'version: 1\ndefaults: { queue: { late: 2h, stale: 1h } }',
      says: 'exceeds stale',
    },
  ])('refuses a policy when $when', async ({ text, says }) => {
    const world = fakeIo({ files: { '/project/app/strict.yaml': text } });
    const failure = await runProgram(world.io, ['check', HOST, '--policy', 'strict.yaml']).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(UsageError);
    expect(String(failure)).toContain(says);
    expect(String(failure)).not.toContain('s3cret');
  });

  it.each([
    { when: 'the defaults are never', policy: `defaults: ${NEVER}`, said: true },
    { when: 'a rule for all runs is never', policy: `rules: [{ match: { type: '*' }, ${NEVER.slice(1)}]`, said: true },
    {
      when: 'a rule for other runs is never',
      policy: `rules: [{ match: { type: 'x*' }, ${NEVER.slice(1)}]`,
      said: false,
    },
    {
      when: 'one limit is left',
      policy: `defaults: ${NEVER.replace('hold: { late: never, stale: never }', '')}`,
      said: false,
    },
  ])('says whether the policy judges nothing when $when', async ({ policy, said }) => {
    for (const flags of [[], ['--json']]) {
      const world = fakeIo({ responses: listing(fresh), files: { '/project/app/p.yaml': `version: 1\n${policy}\n` } });
      await runProgram(world.io, ['check', HOST, '--policy', 'p.yaml', ...flags]);
      expect(world.printed.out.includes('sets every time limit to never')).toBe(said);
    }
  });

  it('judges by the clock of the source', async () => {
    const quiet = wireRun('quiet', 7);
    const world = fakeIo({ responses: { ...listing(quiet), [LIST]: { runs: [quiet] } }, clockOffsetMs: 4 * 60_000 });
    expect(await runProgram(world.io, ['check', HOST])).toBe(1);
    expect((await check(listing(quiet))).code).toBe(0);
  });

  it.each([
    {
      when: 'a stuck run is later than the clock',
      run: wireRun('stuck', 22 * 60),
      clockOffsetMs: -25 * 3_600_000,
      expected: 1,
    },
    { when: 'a run looks fresh only by it', run: wireRun('stuck', 60), clockOffsetMs: -60 * 60_000, expected: 3 },
    { when: 'it is beyond --max-clock-offset', run: fresh, clockOffsetMs: 301_000, expected: 3 },
  ])('complains of the clock in every format when $when', async ({ run, clockOffsetMs, expected }) => {
    // Without `now` in its body, the `Date` header is all there is.
    const responses = { ...listing(run), [LIST]: { runs: [run] } };
    for (const flags of [[], ['--json']]) {
      const world = fakeIo({ responses, clockOffsetMs });
      expect(await runProgram(world.io, ['check', HOST, ...flags])).toBe(expected);
      expect(world.printed.err).toMatch(/Its clock is .* the clock of this machine/);
      expect(world.printed.out).not.toContain('Nothing is late or stuck');
    }
  });

  it('prefers the time that a page states to the Date header', async () => {
    const world = fakeIo({ responses: listing(fresh), clockOffsetMs: -25 * 3_600_000 });
    expect(await runProgram(world.io, ['check', HOST])).toBe(0);
  });

  it('prefers --now to the clock of the source', async () => {
    const world = fakeIo({ responses: listing(stuck), clockOffsetMs: 11 * 60_000 });
    expect(await runProgram(world.io, ['check', HOST, '--now', formatInstant(NOON - 42 * 60_000)])).toBe(0);
  });

  it('gives the same bytes for the same input and --now', async () => {
    const once = await check(listing(stuck, late), '--json', '--now', '2026-11-23T12:00:00Z');
    const again = await check(listing(stuck, late), '--json', '--now', '2026-11-23T12:00:00Z');
    expect(again.out).toBe(once.out);
    expect(JSON.parse(once.out)).toMatchObject({ generated_at: '2026-11-23T12:00:00Z', now: '2026-11-23T12:00:00Z' });
  });
});

describe('the sources of check', () => {
  const config = `version: 1
sources:
  host: { kind: runs, url: https://host.example/api, token: "\${env:HOST_TOKEN}" }
  saved: file:runs.json
`;

  it('finds the config upward, resolves secrets and sends them to that source', async () => {
    const world = fakeIo({
      files: { '/project/tardy.config.yaml': config, '/project/runs.json': JSON.stringify({ runs: [fresh] }) },
      env: { HOST_TOKEN: 'sesame', TARDY_ALLOW_SECRETS: 'HOST_TOKEN@https://host.example' },
      responses: listing(fresh),
    });
    expect(await runProgram(world.io, ['check'])).toBe(0);
    expect(world.connections).toMatchObject([
      { baseUrl: 'https://host.example/api/', credentials: { authorization: 'Bearer sesame' } },
    ]);
    expect(world.printed.out + world.printed.err).not.toContain('sesame');
  });

  it('sends a secret nowhere because of a config that was found, and uses none at all in CI', async () => {
    const files = {
      '/project/app/tardy.config.yaml':
        'version: 1\nsources: { web: { kind: runs, url: https://evil.example/api, token: "${env:GITHUB_TOKEN}", headers: { x: "${file:/etc/hostname}" } } }\n',
      '/etc/hostname': 'box',
    };
    const env = { GITHUB_TOKEN: 'ghs_secret' };
    const local = fakeIo({ files, env });
    await expect(runProgram(local.io, ['check'])).rejects.toThrow(/would send GITHUB_TOKEN to https:\/\/evil\.example/);
    expect(local.connections).toEqual([]);
    const job = fakeIo({ files, env: { ...env, GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'acme/web' } });
    expect(await runProgram(job.io, ['check'])).toBe(3);
    expect(job.connections.map(({ baseUrl }) => new URL(baseUrl).origin)).toEqual(['https://api.github.com']);
    expect(job.printed.err).toContain('/project/app/tardy.config.yaml was found');
  });

  it.each(['policy: /etc/shadow', 'sources: { web: "file:/etc/shadow" }', 'sources: { web: "file:../../etc/shadow" }'])(
    'reads no file outside of the repository because of a config that was found: %s',
    async (text) => {
      const files = { '/project/app/tardy.config.yaml': `version: 1\n${text}\n`, '/etc/shadow': 's3cret: [' };
      const world = fakeIo({ files });
      const failure = await runProgram(world.io, ['check']).catch((error: unknown) => error);
      expect(String(failure)).toMatch(/lies outside of \/project\/app|no source to read/);
      expect(String(failure)).not.toContain('s3cret');
    },
  );

  it('names config, policy and digest in text and JSON, and on stderr where the output has no place for them', async () => {
    const files = {
      '/project/app/tardy.config.yaml': `version: 1\nsources: { host: "${HOST}" }\npolicy: strict.yaml\n`,
      '/project/app/strict.yaml': 'version: 1\n',
    };
    const text = fakeIo({ files, responses: listing(fresh) });
    await runProgram(text.io, ['check']);
    expect(text.printed.out).toMatch(/^Policy: strict\.yaml \(sha256:[0-9a-f]{12}\); config: tardy\.config\.yaml$/m);
    const json = fakeIo({ files, responses: listing(fresh) });
    await runProgram(json.io, ['check', '--json']);
    expect(JSON.parse(json.printed.out)).toMatchObject({
      policy: { from: 'strict.yaml' },
      config: 'tardy.config.yaml',
    });
    expect(json.printed.err).toBe('');
    const rows = fakeIo({ files, responses: listing(fresh) });
    await runProgram(rows.io, ['check', '--format', 'ndjson']);
    expect(rows.printed.err).toMatch(/^tardy: Policy: strict\.yaml .*config: tardy\.config\.yaml$/m);
    const usual = fakeIo({ responses: listing(fresh) });
    await runProgram(usual.io, ['check', HOST]);
    expect(usual.printed.out).toMatch(/^Policy: built in \(sha256:[0-9a-f]{12}\)$/m);
  });

  it.each([
    { when: 'a URI in the config names it', argv: ['check'], config: `version: 1\nsources: { host: "${HOST}" }\n` },
    {
      when: 'a name leads to a URI in the config',
      argv: ['check', 'host'],
      config: `version: 1\nsources: { host: "${HOST}" }\n`,
    },
    {
      when: 'the config names no token',
      argv: ['check'],
      config: 'version: 1\nsources: { host: { kind: runs, url: https://host.example/api } }\n',
    },
  ])('sends a source no token of the environment when $when', async ({ argv, config: text }) => {
    const world = fakeIo({
      files: { '/project/app/tardy.config.yaml': text },
      env: { TARDY_TOKEN: 'sesame' },
      responses: listing(fresh),
    });
    expect(await runProgram(world.io, argv)).toBe(0);
    expect(world.connections.map(({ baseUrl, credentials }) => ({ baseUrl, credentials }))).toEqual([
      { baseUrl: 'https://host.example/api/', credentials: {} },
    ]);
  });

  it('sends the token of the environment to a source that the command line names by its URI', async () => {
    const world = fakeIo({ env: { TARDY_TOKEN: 'sesame' }, responses: listing(fresh) });
    expect(await runProgram(world.io, ['check', HOST])).toBe(0);
    expect(world.connections.map(({ credentials }) => credentials)).toEqual([{ authorization: 'Bearer sesame' }]);
  });

  it.each([
    [],
    ['--json'],
    ['--format', 'ndjson'],
    ['--json', 'title'],
    ['-q', '.runs[0].run.title'],
    ['--format', 'json=out.json'],
  ])('never shows a token that a title echoes with %j', async (...flags) => {
    const echo = wireRun('stuck', 42, {
      title: `it is S\u200bESAME-open, ${Buffer.from('sesame-OPEN').toString('base64')}`,
    });
    const world = fakeIo({ env: { TARDY_TOKEN: 'sesame-OPEN' }, responses: listing(echo) });
    expect(await runProgram(scrubbedIo(world.io), ['check', HOST, ...flags])).toBe(1);
    const shown = [world.printed.out, world.printed.err, ...world.written.values()].join('');
    expect(shown).toContain('***');
    expect(shown.replace(/\\u200b|\u200b/gi, '')).not.toMatch(/sesame-open|c2VzYW1lLU9QRU/i);
  });

  it('reads standard input', async () => {
    const world = fakeIo({ stdin: JSON.stringify({ runs: [stuck] }) });
    expect(await runProgram(world.io, ['check', '-'])).toBe(1);
  });

  it('cannot tell from an empty standard input', async () => {
    expect(await runProgram(fakeIo({ stdin: '' }).io, ['check', '-'])).toBe(3);
  });

  it('checks the repository that a GitHub job runs in', async () => {
    const world = fakeIo({ env: { GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'acme/web', GITHUB_TOKEN: 't0ken' } });
    expect(await runProgram(world.io, ['check'])).toBe(3);
    expect(world.connections).toMatchObject([{ credentials: { authorization: 'Bearer t0ken' } }]);
  });

  it.each([
    [{ CI_JOB_TOKEN: 'j0b' }, { 'job-token': 'j0b' }],
    [{ CI_JOB_TOKEN: 'j0b', GITLAB_TOKEN: 't0ken' }, { authorization: 'Bearer t0ken' }],
    [{}, {}],
  ])('checks the project that a GitLab job runs in', async (tokens, credentials) => {
    const job = { GITLAB_CI: 'true', CI_PROJECT_PATH: 'acme/ops/web', CI_SERVER_URL: 'https://git.example/lab' };
    const world = fakeIo({ env: { ...job, ...tokens } });
    expect(await runProgram(world.io, ['check'])).toBe(3);
    expect(world.connections).toMatchObject([{ baseUrl: 'https://git.example/lab/', credentials }]);
    expect(world.connections[0]?.credentials).toEqual(credentials);
  });
});

it('lists every run read with --all', async () => {
  const { out } = await check(listing(fresh, stuck), '--all', '--json', 'id,state,since');
  expect(JSON.parse(out)).toEqual([
    { id: 'stuck', state: 'likely_stale', since: formatInstant(instant('2026-11-23T11:28:00Z')) },
    { id: 'fresh', state: 'fresh', since: '2026-11-23T11:48:00Z' },
  ]);
});
