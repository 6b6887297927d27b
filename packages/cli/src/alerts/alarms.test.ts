import { formatInstant, type Report } from '@tardy/core';
import { SourceError } from '@tardy/core/sources';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../program.js';
import { scrubbedIo } from '../scrubbed-io.js';
import { fakeIo, NOON } from '../test-io.js';

const LIST = '/api/runs?status=queued,running&limit=500';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type Row = Readonly<Record<string, unknown>>;

const row = (id: string, minutesSilent: number, more: Row = {}): Row => ({
  id,
  type: 'baseline_compare',
  title: `Compare ${id}`,
  status: 'running',
  started_at: formatInstant(NOON - 100 * MINUTE),
  heartbeat_at: formatInstant(NOON - minutesSilent * MINUTE),
  ...more,
});
const stuck = (id: string): Row => row(id, 42);
const healthy = (id: string): Row => row(id, 0, { started_at: formatInstant(NOON - 9 * MINUTE) });
const ended = (id: string, outcome = 'failed'): Row =>
  row(id, 0, { status: 'completed', outcome, ended_at: formatInstant(NOON) });

const CONFIG = `
sources: { host: 'runs:https://host.example/api' }
version: 1
targets:
  chat: { kind: slack, url: '\${env:CHAT}' }
  pager: { kind: pagerduty, routing_key: '\${env:PAGER}', recoveries: true }
`;

/** A machine on which checks run one after another: the state stays, what the source says changes. */
function machine(more: { readonly files?: Readonly<Record<string, string>>; readonly fails?: () => boolean } = {}) {
  const files: Record<string, string> = { '/project/app/own.yaml': CONFIG, ...more.files };
  const sent: { readonly url: string; readonly body: unknown }[] = [];
  async function run(
    command: string,
    now: {
      readonly listed?: readonly Row[];
      readonly byId?: readonly Row[];
      readonly list?: unknown;
      readonly atMs?: number;
    },
    ...flags: readonly string[]
  ) {
    const { listed = [], byId = [], atMs = 0 } = now;
    const world = fakeIo({
      files,
      env: { CHAT: 'https://chat.example/s3cret-hook', PAGER: 's3cret-key' },
      responses: {
        [LIST]: now.list ?? { runs: listed, now: formatInstant(NOON) },
        ...Object.fromEntries([...listed, ...byId].map((one) => [`/api/runs/${String(one['id'])}`, one])),
      },
      deliver: (wire) => {
        if (more.fails?.() === true) return { ok: false, reason: 'It is down.' };
        if (wire.via === 'http') sent.push({ url: wire.url, body: wire.body });
        return { ok: true };
      },
    });
    const argv = [
      command,
      'host',
      '--config',
      'own.yaml',
      '--state',
      'state.json',
      '--now',
      formatInstant(NOON + atMs),
      ...flags,
    ];
    const code = await runProgram(scrubbedIo(world.io), argv);
    for (const [path, text] of world.written) files[path] = text;
    expect(world.locks.size).toBe(0);
    return { code, out: world.printed.out, err: world.printed.err };
  }
  async function check(now: Parameters<typeof run>[1], ...flags: readonly string[]) {
    const result = await run('check', now, '--json', ...flags);
    return { ...result, report: JSON.parse(result.out) as Report };
  }
  return { run, check, sent, files };
}

const statuses = (report: Report) =>
  report.runs.map(({ run, alert }) => `${String(run['id'])}: ${alert?.status ?? 'none'}`);
const endings = (report: Report) =>
  report.alerts?.ended.map(({ run, status, text }) => `${String(run['id'])} ${status}: ${text}`);

describe('check --state', () => {
  it('says what is new, still alarming since when, and recovered', async () => {
    const { check } = machine();
    const first = await check({ listed: [stuck('a')] });
    expect(statuses(first.report)).toEqual(['a: new']);
    expect(first.report.alerts).toEqual({ new: 1, still: 0, recovered: 0, vanished: 0, kept: 0, ended: [] });

    const second = await check({ listed: [stuck('a'), stuck('b')], atMs: MINUTE });
    expect(statuses(second.report).sort()).toEqual(['a: still', 'b: new']);
    expect(second.report.runs.find(({ run }) => run['id'] === 'a')?.alert?.since).toBe(formatInstant(NOON));

    const third = await check({ listed: [healthy('a'), stuck('b')], atMs: MINUTE + 1 });
    expect(statuses(third.report)).toEqual(['b: still']);
    expect(endings(third.report)).toEqual(['a recovered: it is running']);
    expect(third.report.totals).toMatchObject({ active: 2, likely_stale: 1, fresh: 1 });
  });

  it.each([
    { when: 'it ended', byId: [ended('a')], text: 'a recovered: it ended: failed' },
    { when: 'it was retried', byId: [{ ...healthy('a'), attempt: 2 }], text: 'a recovered: attempt 2 has replaced it' },
    {
      when: 'its source has forgotten it',
      byId: [],
      text: 'a vanished: its source no longer lists it, and how it ended could not be read',
    },
  ])('asks after a run that left the list: $when', async ({ byId, text }) => {
    const { check } = machine();
    await check({ listed: [stuck('a')] });
    expect(endings((await check({ byId, atMs: MINUTE })).report)).toEqual([text]);
  });

  it.each([
    { when: 'the source fails', now: { list: new Error('down') } },
    { when: 'the list is incomplete', now: { list: { runs: [{ id: 'broken' }], now: formatInstant(NOON) } } },
    { when: 'the run cannot be judged', now: { listed: [{ id: 'a', type: 'baseline_compare', status: 'running' }] } },
    { when: 'the list lacks it, but the source gives it as active', now: { byId: [stuck('a')] } },
  ])('keeps an alert, and recovers nothing, when $when', async ({ now }) => {
    const { check } = machine();
    await check({ listed: [stuck('a')] });
    const { report } = await check({ ...now, atMs: MINUTE });
    expect(endings(report)).toEqual([]);
    expect(report.alerts).toMatchObject({ recovered: 0, vanished: 0, kept: 1 });
    expect(statuses((await check({ listed: [stuck('a')], atMs: 2 * MINUTE })).report)).toEqual(['a: still']);
  });

  it('ends an alert on an incomplete list if the run itself shows that it is over', async () => {
    const { check } = machine();
    await check({ listed: [stuck('a'), stuck('b')] });
    const { report } = await check({
      list: { runs: [{ id: 'broken' }, healthy('a')], now: formatInstant(NOON) },
      byId: [ended('b')],
      atMs: 1,
    });
    expect(report.complete).toBe(false);
    expect(endings(report)?.sort()).toEqual(['a recovered: it is running', 'b recovered: it ended: failed']);
  });

  it('counts only new runs with --fail-on-new, and never hides that it cannot tell', async () => {
    const { check } = machine();
    expect((await check({ listed: [stuck('a')] }, '--fail-on-new')).code).toBe(1);
    expect((await check({ listed: [stuck('a')], atMs: 1 }, '--fail-on-new')).code).toBe(0);
    expect((await check({ listed: [stuck('a')], atMs: 2 })).code).toBe(1);
    expect((await check({ list: new Error('down'), atMs: 3 }, '--fail-on-new')).code).toBe(3);
    expect((await check({ listed: [stuck('a'), stuck('b')], atMs: 4 }, '--fail-on-new')).code).toBe(1);
  });

  it('lists only some with --only, and again what a reminder is due for', async () => {
    const { check } = machine();
    const flags = ['--only', 'new,recovered', '--remind', '4h'];
    expect(statuses((await check({ listed: [stuck('a'), row('l', 3)] }, ...flags)).report)).toEqual(['a: new']);
    expect(statuses((await check({ listed: [stuck('a')], atMs: 4 * HOUR - 1 }, ...flags)).report)).toEqual([]);
    const reminded = await check({ listed: [stuck('a')], atMs: 4 * HOUR }, ...flags);
    expect(statuses(reminded.report)).toEqual(['a: still']);
    expect(reminded.code).toBe(1);
    expect(statuses((await check({ listed: [stuck('a')], atMs: 5 * HOUR }, ...flags)).report)).toEqual([]);
  });

  it('says in text what changed', async () => {
    const { run } = machine();
    await run('check', { listed: [stuck('a'), stuck('b')] });
    const { out } = await run('check', { listed: [stuck('b')], byId: [ended('a')], atMs: HOUR });
    expect(out).toContain('Recovered: Compare a (host a): it ended: failed\n');
    expect(out).toContain('No heartbeat for 1 h 42 min (still, since 23 Nov 2026, 12:00:00 UTC)\t');
    expect(out).toContain('1 still, 1 recovered.\n');
  });

  it.each([
    { flags: ['--only', 'new'], says: '--only needs to know' },
    { flags: ['--fail-on-new'], says: '--fail-on-new needs to know' },
    { flags: ['--remind', '4h'], says: '--remind needs to know' },
    { flags: ['--notify', 'chat', '--config', 'own.yaml'], says: 'Notifying needs to know' },
    { flags: ['--only', 'old'], says: 'Unknown status "old"' },
    { flags: ['--remind', '1s'], says: '--remind "1s"' },
  ])('refuses $flags without a state, or with a typo', async ({ flags, says }) => {
    const world = fakeIo({ files: { '/project/app/own.yaml': CONFIG } });
    await expect(runProgram(world.io, ['check', 'runs:https://host.example/api', ...flags])).rejects.toThrow(says);
    expect(world.connections).toEqual([]);
  });

  it('reads nothing if the state is damaged', async () => {
    const world = fakeIo({ files: { '/project/app/state.json': '{' } });
    await expect(
      runProgram(world.io, ['check', 'runs:https://host.example/api', '--state', 'state.json']),
    ).rejects.toThrow('not a state of tardy');
    expect(world.connections).toEqual([]);
  });
});

const ACKS = (until: string, match = '{ id: a }') =>
  `acknowledgements:\n  - { match: ${match}, reason: OPS-17, by: ana, until: ${until} }\n`;

describe('acknowledgements', () => {
  const flags = ['--acknowledgements', 'acks.yaml'];

  it('keep a run from failing the check and from alerting, and leave it visible', async () => {
    const { check, sent } = machine({ files: { '/project/app/acks.yaml': ACKS('2026-11-24T00:00:00Z') } });
    const { code, report } = await check({ listed: [stuck('a')] }, ...flags, '--notify', 'chat');
    expect(code).toBe(0);
    expect(report.verdict).toBe('fresh');
    expect(report.totals.likely_stale).toBe(1);
    expect(report.acknowledgements).toEqual({ late: 0, likely_stale: 1, unknown: 0, unmatched: [] });
    expect(report.runs[0]?.acknowledgement).toEqual({
      by: 'ana',
      reason: 'OPS-17',
      until: '2026-11-24T00:00:00Z',
      expired: false,
    });
    expect(sent).toEqual([]);
    expect((await check({ listed: [stuck('a'), stuck('b')], atMs: 1 }, ...flags)).code).toBe(1);
  });

  it('alarm again when they expire, and say so', async () => {
    const { check, sent } = machine({ files: { '/project/app/acks.yaml': ACKS('2026-11-23T13:00:00Z') } });
    await check({ listed: [stuck('a')] }, ...flags, '--notify', 'chat');
    const { code, report } = await check(
      { listed: [stuck('a')], atMs: HOUR },
      ...flags,
      '--notify',
      'chat',
      '--fail-on-new',
    );
    expect(code).toBe(1);
    expect(statuses(report)).toEqual(['a: new']);
    expect(report.runs[0]?.acknowledgement?.expired).toBe(true);
    expect(JSON.stringify(sent)).toContain('its acknowledgement has ended');
  });

  it('say which entries match nothing, if everything was read', async () => {
    const files = { '/project/app/acks.yaml': ACKS('2026-11-24T00:00:00Z', '{ id: [x, y], type: sync }') };
    const unmatched = async (list: unknown, source: readonly string[]) => {
      const world = fakeIo({ files: { ...files, '/project/app/own.yaml': CONFIG }, responses: { [LIST]: list } });
      await runProgram(world.io, ['check', ...source, '--config', 'own.yaml', ...flags, '--now', formatInstant(NOON)]);
      return world.printed.out;
    };
    const said = 'The acknowledgement by ana (OPS-17) for id x or y, type sync matches no run';
    expect(await unmatched({ runs: [stuck('a')] }, [])).toContain(said);
    expect(await unmatched({ runs: [stuck('a'), { id: 'broken' }] }, [])).not.toContain('matches no run');
    expect(await unmatched({ runs: [stuck('a')] }, ['host'])).not.toContain('matches no run');
  });

  it.each([
    { text: ACKS('tomorrow'), says: 'acknowledgements.0.until: must be an RFC 3339 time' },
    { text: ACKS('2026-11-24T00:00:00Z', '{}'), says: 'names no field, so it would accept every run' },
    { text: ACKS('2026-11-24T00:00:00Z', '{ run: a }'), says: 'acknowledgements.0.match' },
    {
      text: 'acknowledgements: [{ match: { id: a }, until: 2026-11-24T00:00:00Z }]',
      says: 'acknowledgements.0.reason',
    },
    { text: 'acks: []', says: 'acks' },
  ])('are refused with the place of each fault: $says', async ({ text, says }) => {
    const { run } = machine({ files: { '/project/app/acks.yaml': text } });
    await expect(run('check', {}, ...flags)).rejects.toThrow(says);
  });
});

describe('check --notify and notify', () => {
  it('send once, remind, and say when it recovered', async () => {
    const { run, sent } = machine();
    const notify = (now: Parameters<typeof run>[1]) => run('notify', now, '--remind', '4h', '--target', 'chat');
    expect((await notify({ listed: [stuck('a')] })).out).toBe('chat: sent 1 new\n');
    expect((await notify({ listed: [stuck('a')], atMs: HOUR })).out).toBe('chat: nothing to send\n');
    expect((await notify({ listed: [stuck('a')], atMs: 4 * HOUR })).out).toBe('chat: sent 1 reminder\n');
    const last = await notify({ byId: [ended('a', 'succeeded')], atMs: 5 * HOUR });
    expect(last).toMatchObject({ code: 0, out: 'chat: sent 1 recovered\n' });
    expect(sent.map(({ body }) => (body as { text: string }).text)).toEqual([
      'Likely stuck: Compare a',
      'Still alarming: Compare a',
      'Recovered or ended: Compare a',
    ]);
    expect((await notify({ atMs: 6 * HOUR })).out).toBe('chat: nothing to send\n');
  });

  it('say that a source cannot be read once that has lasted, and that it can be read again', async () => {
    const { run, sent, files } = machine();
    const list = () => new SourceError('auth', 'HTTP 401');
    const notify = (now: Parameters<typeof run>[1]) => run('notify', now, '--remind', '4h', '--target', 'chat');
    expect(await notify({ listed: [stuck('a')] })).toMatchObject({ code: 0, out: 'chat: sent 1 new\n' });
    expect(await notify({ list, atMs: MINUTE })).toMatchObject({ code: 3, out: 'chat: nothing to send\n' });
    expect((await notify({ list, atMs: 16 * MINUTE - 1 })).out).toBe('chat: nothing to send\n');
    expect(await notify({ list, atMs: 16 * MINUTE })).toMatchObject({ code: 3, out: 'chat: sent 1 new\n' });
    expect((await notify({ list, atMs: 3 * HOUR })).out).toBe('chat: nothing to send\n');
    // Nothing is known about the run: only the outage is repeated.
    expect((await notify({ list, atMs: 5 * HOUR })).out).toBe('chat: sent 1 reminder\n');
    expect((await notify({ listed: [stuck('a')], atMs: 6 * HOUR })).out).toBe('chat: sent 1 reminder, 1 recovered\n');
    expect(sent.map(({ body }) => (body as { text: string }).text)).toEqual([
      'Likely stuck: Compare a',
      'Source cannot be read: host',
      'Still alarming: host',
      'Stuck or late runs, unreadable sources: 1 reminder, 1 recovered',
    ]);
    const { report } = await machine({ files }).check({ listed: [stuck('a')], atMs: 6 * HOUR });
    expect(report.alerts).toMatchObject({ new: 0, still: 1, recovered: 0 });
  });

  it('say nothing about a source that cannot be read for a moment, or to a target that does not want it', async () => {
    const { run, sent } = machine({
      files: {
        '/project/app/own.yaml': CONFIG.replace("'${env:CHAT}'", "'${env:CHAT}', unreadable_after: never"),
      },
    });
    const list = () => new SourceError('http', 'HTTP 503');
    expect((await run('notify', { list })).out).toBe('chat: nothing to send\npager: nothing to send\n');
    expect((await run('notify', { atMs: 5 * MINUTE })).out).toBe('chat: nothing to send\npager: nothing to send\n');
    expect((await run('notify', { list, atMs: 10 * MINUTE })).out).not.toContain('sent');
    expect((await run('notify', { list, atMs: 25 * MINUTE })).out).toBe('chat: nothing to send\npager: sent 1 new\n');
    expect(sent).toMatchObject([{ body: { payload: { class: 'unreadable source', severity: 'warning' } } }]);
  });

  it('exit with 3 if a target was not notified, with 1 if a run is stuck as well, and try again', async () => {
    let down = true;
    const { run, sent } = machine({ fails: () => down });
    const failing = await run('notify', { listed: [stuck('a')] });
    expect(failing).toMatchObject({ code: 3, out: 'chat: not sent: 1 new\npager: not sent: 1 new\n' });
    expect(failing.err).toContain(
      'chat was not sent what it is due about 1 run; the next check tries again. It is down.',
    );
    expect((await run('check', { listed: [stuck('a')], atMs: 1 }, '--notify', 'chat')).code).toBe(1);
    expect((await run('check', { listed: [stuck('a')], atMs: 1 }, '--notify', 'chat', '--fail-on', 'never')).code).toBe(
      3,
    );
    down = false;
    expect((await run('notify', { listed: [stuck('a')], atMs: 2 })).code).toBe(0);
    expect(sent).toHaveLength(2);
  });

  it('print what would be sent with --dry-run, without secrets, and change nothing', async () => {
    const { run, sent, files } = machine();
    const { out, code } = await run('notify', { listed: [stuck('a')] }, '--dry-run');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject([
      { target: 'chat', to: 'https://chat.example', body: { text: 'Likely stuck: Compare a' } },
      { target: 'pager', to: 'https://events.pagerduty.com', body: { event_action: 'trigger' } },
    ]);
    expect(out).not.toContain('s3cret');
    expect({ sent, state: files['/project/app/state.json'] }).toEqual({ sent: [], state: undefined });
  });

  it('exit with 3 if the state cannot be saved, before anything is sent', async () => {
    const world = fakeIo({
      files: { '/project/app/own.yaml': CONFIG },
      env: { CHAT: 'https://chat.example/x', PAGER: 'k' },
      full: ['/project/app/state.json'],
      responses: { [LIST]: { runs: [stuck('a')] }, '/api/runs/a': stuck('a') },
    });
    expect(await runProgram(world.io, ['notify', '--config', 'own.yaml', '--state', 'state.json'])).toBe(3);
    expect(world.delivered).toEqual([]);
    expect(world.printed.err).toContain('state.json cannot be written');
  });

  it.each([
    { config: CONFIG, flags: ['--target', 'nobody'], says: 'has no target "nobody"' },
    { config: 'version: 1\n', flags: [], says: 'has no targets' },
    { config: CONFIG.replace('slack', 'slock'), flags: [], says: 'targets.chat.kind is not a kind of target' },
    {
      config: CONFIG.replace("'${env:CHAT}'", 'https://chat.example/s3cret'),
      flags: [],
      says: 'targets.chat.url: is a literal value',
    },
    {
      config: CONFIG.replace('recoveries: true', 'recoveries: maybe'),
      flags: [],
      says: 'targets.pager.recoveries is neither',
    },
    {
      config: CONFIG.replace('recoveries: true', 'remind: 4 hours'),
      flags: [],
      says: 'targets.pager.remind is not a duration',
    },
    {
      config: CONFIG.replace('recoveries: true', 'unreadable_after: soon'),
      flags: [],
      says: 'targets.pager.unreadable_after is not a duration.',
    },
    { config: CONFIG.replace('recoveries: true', 'chanel: x'), flags: [], says: 'chanel' },
    { config: CONFIG.replace('CHAT', 'NOBODY'), flags: [], says: 'NOBODY, which is not set' },
    { config: CONFIG.replace('CHAT', 'ODD'), flags: [], says: 'targets.chat.url is not a valid URL' },
    { config: CONFIG.replace('CHAT', 'USERINFO'), flags: [], says: 'contains a user name or password' },
  ])('refuse a target that cannot be used, before anything is read: $says', async ({ config, flags, says }) => {
    const world = fakeIo({
      files: { '/project/app/own.yaml': config },
      env: {
        CHAT: 'https://chat.example/s3cret',
        PAGER: 'k',
        ODD: 'ftp://s3cret',
        USERINFO: 'https://me:s3cret@chat.example/',
      },
    });
    const failure = await runProgram(world.io, [
      'notify',
      'runs:https://host.example/api',
      '--config',
      'own.yaml',
      '--state',
      's.json',
      ...flags,
    ]).catch((error: unknown) => error);
    expect(String(failure)).toContain(says);
    expect(String(failure)).not.toContain('s3cret');
    expect(world.connections).toEqual([]);
  });

  it('send nothing for a config that was found rather than named', async () => {
    const world = fakeIo({
      files: { '/project/app/tardy.config.yaml': CONFIG },
      env: { CHAT: 'https://a.example', PAGER: 'k' },
    });
    await expect(runProgram(world.io, ['notify', '--state', 's.json'])).rejects.toThrow('was found rather than named');
  });

  it('keep what a source echoes of its token out of messages and of the state', async () => {
    const { run, sent, files } = machine({
      files: {
        '/project/app/own.yaml': CONFIG.replace(
          "'runs:https://host.example/api'",
          "{ kind: runs, url: 'https://host.example/api', token: '${file:t}' }",
        ),
        '/project/app/t': 'tok-123456',
      },
    });
    const echo = { ...stuck('a'), title: 'Bearer tok-123456' };
    await run('notify', { listed: [echo] });
    expect(sent).not.toEqual([]);
    expect(`${JSON.stringify(sent)} ${files['/project/app/state.json']}`).not.toContain('tok-123456');
  });
});
