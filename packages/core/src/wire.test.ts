import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Run } from './run.js';
import { anyInstant, anyRun, anyText } from './test-arbitraries.js';
import { parseRun, runToWire } from './wire.js';
import { isWebUrl, RUN_LIMITS } from './wire-fields.js';

/** The least that is a run. */
const LEAST = { id: '1', type: 'sync', status: 'running' };

function read(fields: object): Run {
  const parsed = parseRun({ ...LEAST, ...fields }, 'ci');
  if (!parsed.ok) throw new Error(parsed.issue.reason);
  return parsed.run;
}

function reasonOf(value: unknown): string | undefined {
  const parsed = parseRun(value, 'ci');
  return parsed.ok ? undefined : parsed.issue.reason;
}

const NO_INSTANT = 'must be an RFC 3339 time with an offset, such as 2026-11-23T09:00:00Z';
const TOO_LONG = 'x'.repeat(RUN_LIMITS.text + 1);

describe('parseRun', () => {
  it('needs id, type and status only', () => {
    expect(read({})).toEqual({
      id: '1',
      source: 'ci',
      type: 'sync',
      title: 'sync',
      status: 'running',
      outcome: 'pending',
      attempt: 1,
      labels: {},
    });
  });

  it('reads every field', () => {
    const at = '2026-11-23T09:00:00Z';
    const ms = Date.UTC(2026, 10, 23, 9);
    const run = read({
      source: 'host',
      title: 'Sync of Acme',
      workspace: { id: 'w', name: 'Contoso' },
      tenant: { id: '7' },
      hold: 'approval',
      hold_since: at,
      waits_for: { kind: 'pool', id: 'p1', name: 'deploy', url: 'https://host.example/p', state: 'full', until: at },
      queued_at: at,
      not_before: at,
      started_at: at,
      phase_at: at,
      heartbeat_at: at,
      heartbeat_interval: 2.5,
      ended_at: at,
      deadline_at: at,
      attempt: 2,
      flag: { kind: 'stuck', by: 'tardy', text: 'no jobs', since: at },
      progress: { processed: 1, total: 2, succeeded: 3, failed: 4, skipped: 5, unit: 'files' },
      reconciliation: { at, reason: 'no heartbeat', from: 'running' },
      failure: { code: 'E1', message: 'It broke' },
      initiator: { kind: 'user', name: 'Ann' },
      url: 'https://host.example/1',
      labels: { env: 'prod' },
      native: { status: 'in_progress', outcome: 'none' },
    });
    expect(run).toEqual({
      id: '1',
      source: 'host',
      type: 'sync',
      title: 'Sync of Acme',
      workspace: { id: 'w', name: 'Contoso' },
      tenant: { id: '7' },
      status: 'running',
      outcome: 'pending',
      hold: 'approval',
      holdSince: ms,
      waitsFor: { kind: 'pool', id: 'p1', name: 'deploy', url: 'https://host.example/p', state: 'full', until: ms },
      queuedAt: ms,
      notBefore: ms,
      startedAt: ms,
      phaseAt: ms,
      heartbeatAt: ms,
      heartbeatInterval: 2500,
      endedAt: ms,
      deadlineAt: ms,
      attempt: 2,
      flag: { kind: 'stuck', by: 'tardy', text: 'no jobs', since: ms },
      progress: { processed: 1, total: 2, succeeded: 3, failed: 4, skipped: 5, unit: 'files' },
      reconciliation: { at: ms, reason: 'no heartbeat', from: 'running' },
      failure: { code: 'E1', message: 'It broke' },
      initiator: { kind: 'user', name: 'Ann' },
      url: 'https://host.example/1',
      labels: { env: 'prod' },
      native: { status: 'in_progress', outcome: 'none' },
    });
  });

  it.each([
    ['an array', [], 'a run must be an object'],
    ['nothing', null, 'a run must be an object'],
    ['a text', 'run', 'a run must be an object'],
    ['no id', { type: 'a', status: 'queued' }, 'id is missing'],
    ['an empty id', { ...LEAST, id: '' }, 'id is missing'],
    ['a number as id', { ...LEAST, id: 7 }, 'id must be text'],
    ['no type', { id: '1', status: 'queued' }, 'type is missing'],
    ['no status', { id: '1', type: 'a' }, 'status is missing; it must be queued, running or completed'],
    ['another status', { ...LEAST, status: 'done' }, 'status must be one of queued, running, completed'],
    ['a status that every object inherits', { ...LEAST, status: 'toString' }, /^status must be one of/],
    ['a number as title', { ...LEAST, title: 7 }, 'title must be text'],
    ['a number as source', { ...LEAST, source: 7 }, 'source must be text'],
    ['a text as workspace', { ...LEAST, workspace: 'w' }, 'workspace must be an object'],
    ['a list as tenant', { ...LEAST, tenant: [] }, 'tenant must be an object'],
    ['a tenant without id', { ...LEAST, tenant: { name: 'Acme' } }, 'tenant.id is missing'],
    ['a tenant whose name is no text', { ...LEAST, tenant: { id: '7', name: {} } }, 'tenant.name must be text'],
    ['a number as outcome', { ...LEAST, outcome: 1 }, 'outcome must be text'],
    ['another hold', { ...LEAST, hold: 'coffee' }, /^hold must be one of approval, schedule/],
    ['a hold since no time', { ...LEAST, hold_since: 'noon' }, `hold_since ${NO_INSTANT}`],
    ['a wait for nothing', { ...LEAST, waits_for: { name: 'deploy' } }, 'waits_for.kind is missing'],
    ['a wait that is a text', { ...LEAST, waits_for: 'deploy' }, 'waits_for must be an object'],
    ['a wait until no time', { ...LEAST, waits_for: { kind: 'pool', until: 'noon' } }, `waits_for.until ${NO_INSTANT}`],
    ['a phase since no time', { ...LEAST, phase_at: 'noon' }, `phase_at ${NO_INSTANT}`],
    ['no interval', { ...LEAST, heartbeat_interval: 0 }, /^heartbeat_interval must be a number of seconds from 0.001/],
    [
      'more than a year',
      { ...LEAST, heartbeat_interval: 31_536_001 },
      /^heartbeat_interval must be a number of seconds/,
    ],
    ['an interval with a unit', { ...LEAST, heartbeat_interval: '30s' }, /^heartbeat_interval must be a number/],
    ['a time without offset', { ...LEAST, queued_at: '2026-11-23T09:00:00' }, `queued_at ${NO_INSTANT}`],
    ['a time in milliseconds', { ...LEAST, started_at: 1_795_424_400_000 }, `started_at ${NO_INSTANT}`],
    ['an empty time', { ...LEAST, heartbeat_at: '' }, `heartbeat_at ${NO_INSTANT}`],
    ['a day as time', { ...LEAST, not_before: '2026-11-23' }, `not_before ${NO_INSTANT}`],
    ['a list as time', { ...LEAST, ended_at: [] }, `ended_at ${NO_INSTANT}`],
    ['a deadline that is no time', { ...LEAST, deadline_at: 'soon' }, `deadline_at ${NO_INSTANT}`],
    ['attempt 0', { ...LEAST, attempt: 0 }, 'attempt must be a whole number of at least 1'],
    ['half an attempt', { ...LEAST, attempt: 1.5 }, 'attempt must be a whole number of at least 1'],
    ['a text as attempt', { ...LEAST, attempt: '1' }, 'attempt must be a number of at least 0'],
    ['a flag without kind', { ...LEAST, flag: {} }, 'flag.kind is missing'],
    ['another flag', { ...LEAST, flag: { kind: 'red' } }, /^flag.kind must be one of worker_lost/],
    [
      'another author of a flag',
      { ...LEAST, flag: { kind: 'late', by: 'me' } },
      'flag.by must be one of source, tardy',
    ],
    ['a flag since no time', { ...LEAST, flag: { kind: 'late', since: 'now' } }, `flag.since ${NO_INSTANT}`],
    ['a flag whose text is none', { ...LEAST, flag: { kind: 'late', text: 1 } }, 'flag.text must be text'],
    ['progress without count', { ...LEAST, progress: { total: 1 } }, 'progress.processed is missing'],
    [
      'negative progress',
      { ...LEAST, progress: { processed: -1 } },
      'progress.processed must be a number of at least 0',
    ],
    ['endless progress', { ...LEAST, progress: { processed: Infinity } }, /^progress.processed must be a number/],
    ['no number as total', { ...LEAST, progress: { processed: 1, total: 'x' } }, /^progress.total must be a number/],
    ['a lineage without time', { ...LEAST, reconciliation: { reason: 'x' } }, 'reconciliation.at is missing'],
    ['a lineage that is a text', { ...LEAST, reconciliation: 'x' }, 'reconciliation must be an object'],
    ['a failure that is a text', { ...LEAST, failure: 'x' }, 'failure must be an object'],
    ['a failure code that is a number', { ...LEAST, failure: { code: 1 } }, 'failure.code must be text'],
    ['an initiator without kind', { ...LEAST, initiator: { name: 'Ann' } }, 'initiator.kind is missing'],
    ['another initiator', { ...LEAST, initiator: { kind: 'cat' } }, /^initiator.kind must be one of user/],
    ['a number as url', { ...LEAST, url: 1 }, 'url must be text'],
    ['a list of labels', { ...LEAST, labels: ['a'] }, 'labels must be an object'],
    ['a number as label', { ...LEAST, labels: { n: 1 } }, 'labels.n must be text'],
    ['native words without status', { ...LEAST, native: {} }, 'native.status is missing'],
    ['a text as native words', { ...LEAST, native: 'x' }, 'native must be an object'],
    ['a number as native outcome', { ...LEAST, native: { status: 'x', outcome: 1 } }, 'native.outcome must be text'],
    ['a text as flag', { ...LEAST, flag: 'late' }, 'flag must be an object'],
    ['a text as progress', { ...LEAST, progress: '1/2' }, 'progress must be an object'],
    ['a text as initiator', { ...LEAST, initiator: 'Ann' }, 'initiator must be an object'],
    ['a workspace without id', { ...LEAST, workspace: {} }, 'workspace.id is missing'],
    ['a number as name of a workspace', { ...LEAST, workspace: { id: 'w', name: 1 } }, 'workspace.name must be text'],
    [
      'a number as name of an initiator',
      { ...LEAST, initiator: { kind: 'user', name: 1 } },
      'initiator.name must be text',
    ],
    ['a lineage at no time', { ...LEAST, reconciliation: { at: 'noon' } }, `reconciliation.at ${NO_INSTANT}`],
    ['a text as interval', { ...LEAST, heartbeat_interval: '30' }, /^heartbeat_interval must be a number/],
    ['a number as unit', { ...LEAST, progress: { processed: 1, unit: 1 } }, 'progress.unit must be text'],
  ])('refuses %s and says why', (_, value, reason) => {
    expect(reasonOf(value)).toMatch(reason);
  });

  it.each([
    { group: 'waits_for', others: { kind: 'pool' }, names: ['id', 'name', 'url', 'state'] },
    { group: 'reconciliation', others: { at: '2026-11-23T09:00:00Z' }, names: ['reason', 'from'] },
  ])('refuses a number in $names of $group', ({ group, others, names }) => {
    const reasons = names.map((name) => reasonOf({ ...LEAST, [group]: { ...others, [name]: 1 } }));
    expect(reasons).toEqual(names.map((name) => `${group}.${name} must be text`));
  });

  it.each(['succeeded', 'failed', 'skipped'])('refuses a text as progress.%s', (name) => {
    expect(reasonOf({ ...LEAST, progress: { processed: 1, [name]: '1' } })).toBe(
      `progress.${name} must be a number of at least 0`,
    );
  });

  it.each([
    ['an id', { id: TOO_LONG }, 'id is longer than 4096 characters'],
    ['a label', { labels: { a: TOO_LONG } }, 'labels.a is longer than 4096 characters'],
    ['the name of a label', { labels: { [TOO_LONG]: 'a' } }, 'labels has a name longer than 4096 characters'],
    ['the code of a failure', { failure: { code: TOO_LONG } }, 'failure.code is longer than 4096 characters'],
  ])('refuses %s past the limit', (_, fields, reason) => {
    expect(reasonOf({ ...LEAST, ...fields })).toBe(reason);
  });

  it.each([
    ['text', 'x'.repeat(4097), 4096],
    ['an emoji at the cut', `${'x'.repeat(4095)}\u{1F600}`, 4095],
    ['an emoji that just fits', `${'x'.repeat(4094)}\u{1F600}y`, 4096],
  ])('cuts a title past the limit and keeps the run: %s', (_, title, length) => {
    expect(read({ title }).title).toBe(title.slice(0, length));
  });

  it('cuts every other text that is only shown, and keeps the run', () => {
    const long = `${TOO_LONG}y`;
    const run = read({
      tenant: { id: '7', name: long },
      workspace: { id: '8', name: long },
      flag: { kind: 'stuck', text: long },
      waits_for: { kind: 'pool', name: long, state: long },
      progress: { processed: 1, unit: long },
      reconciliation: { at: '2026-11-23T09:00:00Z', reason: long, from: long },
      failure: { message: long },
      initiator: { kind: 'user', name: long },
    });
    const { tenant, workspace, flag, waitsFor, progress, reconciliation, failure, initiator } = run;
    const shown = [tenant?.name, workspace?.name, flag?.text, waitsFor?.name, waitsFor?.state, progress?.unit];
    const more = [reconciliation?.reason, reconciliation?.from, failure?.message, initiator?.name];
    expect([...shown, ...more].map((text) => text?.length)).toEqual(Array(10).fill(RUN_LIMITS.text));
  });

  it('takes texts up to the limit and 64 labels, and no more', () => {
    const labels = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`l${index}`, 'x']));
    expect(read({ title: 'x'.repeat(RUN_LIMITS.text), labels: labels(64) }).title).toHaveLength(RUN_LIMITS.text);
    expect(reasonOf({ ...LEAST, labels: labels(65) })).toBe('labels has more than 64 entries');
  });

  it.each([
    ['its id', { id: 'r7', type: 1 }, 'r7'],
    ['the start of a long id', { id: TOO_LONG, type: 'a', status: 'queued' }, 'x'.repeat(200)],
    ['nothing where the id is no text', { id: 7 }, undefined],
  ])('identifies a broken run by %s', (_, value, id) => {
    const parsed = parseRun(value, 'ci');
    expect(parsed.ok ? 'read' : parsed.issue.id).toBe(id);
  });

  it('takes null for absent, everywhere', () => {
    const names = Object.keys(runToWire(read({})));
    const optional = [
      ...['title', 'workspace', 'tenant', 'outcome', 'hold', 'hold_since', 'queued_at', 'not_before', 'started_at'],
      ...['heartbeat_at', 'ended_at', 'deadline_at', 'attempt', 'flag', 'progress', 'reconciliation', 'failure'],
      ...['initiator', 'url', 'labels', 'native', 'source', 'waits_for', 'phase_at', 'heartbeat_interval'],
    ];
    expect(read(Object.fromEntries(optional.map((name) => [name, null])))).toEqual(read({}));
    expect(names.filter((name) => !optional.includes(name))).toEqual(['id', 'type', 'status']);
    expect(read({ labels: { a: null, b: 'c' }, tenant: { id: '7', name: null } })).toMatchObject({
      labels: { b: 'c' },
      tenant: { id: '7', name: undefined },
    });
  });

  it('ignores fields that it does not know', () => {
    expect(read({ colour: 'red', progress: { processed: 1, eta: 'soon' } })).toEqual(
      read({ progress: { processed: 1 } }),
    );
  });

  it.each([0.001, 31_536_000])('takes an interval of %d s, which is just within the limits', (seconds) => {
    expect(read({ heartbeat_interval: seconds }).heartbeatInterval).toBe(seconds * 1000);
  });

  it('takes a label whose name and text are just within the limit', () => {
    const longest = 'x'.repeat(RUN_LIMITS.text);
    expect(read({ labels: { [longest]: longest } }).labels).toEqual({ [longest]: longest });
  });

  it('keeps the labels of a run as they are, unless one is absent', () => {
    const labels = { a: 'b' };
    expect(read({ labels }).labels).toBe(labels);
    expect(read({ labels: { a: undefined, b: 'c' } }).labels).toStrictEqual({ b: 'c' });
    expect(read({ labels: { a: null } }).labels).toStrictEqual({});
  });

  it('has no reason and nothing before in a lineage that says neither', () => {
    const at = '2026-11-23T09:00:00Z';
    expect(read({ reconciliation: { at } }).reconciliation).toEqual({ at: Date.parse(at), reason: '', from: '' });
  });

  it('titles a run by its type where the title is empty', () => {
    expect(read({ title: '' }).title).toBe('sync');
  });

  it('takes a date for an instant, but no number that arrives', () => {
    expect(read({ started_at: new Date(1_795_411_427_123) }).startedAt).toBe(1_795_411_427_123);
    for (const other of [new Date(NaN), 1_795_411_427_123, {}]) {
      expect(reasonOf({ ...LEAST, started_at: other })).toBe(`started_at ${NO_INSTANT}`);
    }
  });

  it('keeps a label that is named like a part of every object', () => {
    const labels = JSON.parse('{"__proto__":"x","constructor":"y"}') as Record<string, string>;
    expect(JSON.stringify(read({ labels }).labels)).toBe('{"__proto__":"x","constructor":"y"}');
  });

  it.each([
    { when: 'an active run names none', status: 'queued', outcome: undefined, becomes: 'pending', native: undefined },
    { when: 'an ended run names none', status: 'completed', outcome: undefined, becomes: 'unknown', native: undefined },
    { when: 'an ended run has failed', status: 'completed', outcome: 'failed', becomes: 'failed', native: undefined },
    { when: 'an ended run is pending', status: 'completed', outcome: 'pending', becomes: 'unknown', native: undefined },
    {
      when: 'an ended run names one that we do not know',
      status: 'completed',
      outcome: 'exploded',
      becomes: 'unknown',
      native: { status: 'completed', outcome: 'exploded' },
    },
    {
      when: 'an active run names one that we do not know',
      status: 'running',
      outcome: 'zombie',
      becomes: 'unknown',
      native: { status: 'running', outcome: 'zombie' },
    },
    {
      when: 'an active run says so itself',
      status: 'running',
      outcome: 'unknown',
      becomes: 'unknown',
      native: undefined,
    },
    {
      when: 'an active run claims to have failed',
      status: 'running',
      outcome: 'failed',
      becomes: 'pending',
      native: undefined,
    },
  ])('gives the outcome $becomes when $when', ({ status, outcome, becomes, native }) => {
    const run = read({ status, outcome });
    expect(run.outcome).toBe(becomes);
    expect(run.native).toEqual(native);
  });

  it('leaves the native words of the source as they are', () => {
    const native = { status: 'EXPLODED' };
    expect(read({ status: 'completed', outcome: 'exploded', native }).native).toEqual(native);
  });

  it('drops a url that is not a valid http or https URL, and keeps the run', () => {
    expect(read({ waits_for: { kind: 'pool', url: 'javascript:alert(1)' } }).waitsFor).toEqual({ kind: 'pool' });
    expect(read({ url: 'javascript:alert(1)' }).url).toBeUndefined();
  });

  it('reads anything without a throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.object({ key: fc.constantFrom(...Object.keys(LEAST), 'labels') })),
        (value) => {
          expect(typeof parseRun(value, 'ci').ok).toBe('boolean');
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('runToWire', () => {
  it('leaves out what is absent', () => {
    const least = {
      id: '1',
      source: 'ci',
      type: 'sync',
      title: 'sync',
      status: 'running',
      outcome: 'pending',
      attempt: 1,
    };
    expect(Object.entries(runToWire(read({})))).toEqual(Object.entries(least));
  });

  it('writes what parseRun reads back to the same run', () => {
    fc.assert(
      fc.property(anyRun({ instant: anyInstant, text: anyText }), (run) => {
        const wire: unknown = JSON.parse(JSON.stringify(runToWire(run)));
        const parsed = parseRun(wire, 'another');
        expect(parsed).toEqual({ ok: true, run });
      }),
      { numRuns: 1000 },
    );
  });
});

describe('isWebUrl', () => {
  it.each([
    { url: 'https://ci.example/runs/1?a=b#c', web: true },
    { url: 'http://localhost:8080', web: true },
    { url: 'HTTPS://CI.EXAMPLE/', web: true },
    { url: 'https://[::1]:8080/x', web: true },
    { url: 'https://münchen.example/ü', web: true },
    { url: 'javascript:alert(1)', web: false },
    { url: ' https://ci.example', web: false },
    { url: 'ftp://ci.example', web: false },
    { url: '//ci.example/x', web: false },
    { url: '/runs/1', web: false },
    { url: 'https:ci.example', web: false },
    { url: 'https://', web: false },
    { url: 'https:///x', web: false },
    { url: 'https://@evil.example', web: false },
    { url: 'https://?evil.example', web: false },
    { url: 'https://#evil.example', web: false },
    { url: 'https:// evil.example', web: false },
    { url: 'https://\\evil.example', web: false },
    { url: 'https://\u{1B}evil.example', web: false },
    { url: 'https://\u{202E}evil.example', web: false },
    { url: 'https://ci.example\\@evil.example', web: false },
    { url: 'https://ci.example/a b', web: false },
    { url: 'https://ci.example/\u{1B}[31m', web: false },
    { url: 'https://ci.example/\u{202E}gpj', web: false },
    { url: '', web: false },
  ])('says $web to $url', ({ url, web }) => {
    expect(isWebUrl(url)).toBe(web);
  });
});
