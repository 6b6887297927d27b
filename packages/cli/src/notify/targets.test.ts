import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ATTACKS, harmIn } from '../output/test-attacks.js';
import { TARGET_KINDS } from './kinds.js';
import { secretOf } from './kind.js';
import { escapeMarkdown } from './targets/discord.js';
import { anAlert, aStep, CONFIGS, due, hostileAlert, openKind } from './test-message.js';
import * as payloads from './test-payloads.js';
import { destinationOf, type Wire } from './wire.js';

const NAMES = TARGET_KINDS.map(({ kind }) => kind);
const CHECKS: Readonly<Record<string, payloads.Check>> = {
  slack: payloads.slack,
  teams: payloads.teams,
  discord: payloads.discord,
  pagerduty: payloads.pagerduty,
  opsgenie: payloads.opsgenie,
};

const open = (kind: string) => openKind(kind, CONFIGS[kind] ?? {}, { url: 'https://hooks.example/T0/B0/s3cret' });

const MIXED = [
  due('new', anAlert('a')),
  due('worse', anAlert('b')),
  due('reminder', anAlert('c', { level: 'late', label: 'Running late' })),
  due('recovered', anAlert('d')),
  due('vanished', anAlert('e', { run: { source: 's', id: 'x', attempt: 2, type: '', title: '' } })),
];
const MANY = Array.from({ length: 20_000 }, (_, index) => due('new', anAlert(String(index))));
const LONG = Array.from({ length: 60 }, (_, index) =>
  due(index % 2 === 0 ? 'new' : 'reminder', hostileAlert(`${'Ünï*_~`|漢字<@U1> '.repeat(400)}${index}`)),
);

/** Every text of a message that its receiver shows, with the place where it stands. */
function textsOf(wire: Wire): readonly string[] {
  switch (wire.via) {
    case 'http':
      return [...strings(wire.body)];
    case 'mail':
      return [wire.subject, wire.text];
    case 'command':
      return [...strings(wire.stdin)];
  }
}

function* strings(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) yield* strings(item);
}

function bodyOf(wire: Wire): unknown {
  return wire.via === 'http' ? wire.body : undefined;
}

describe.each(Object.keys(CHECKS))('a payload for %s', (kind) => {
  it.each([
    { when: 'one run', some: [due('new', anAlert('a'))] },
    { when: 'every reason at once', some: MIXED },
    { when: '20,000 runs', some: MANY },
    { when: 'texts of any length', some: LONG },
  ])('is what its receiver documents for $when', async ({ some }) => {
    const { wire } = await open(kind);
    expect(CHECKS[kind]?.(bodyOf(wire(aStep(some, { kind: 'open' }))))).toEqual([]);
    expect(CHECKS[kind]?.(bodyOf(wire(aStep(some, { kind: 'close' }))))).toEqual([]);
  });

  it('is what its receiver documents whatever a source sends', async () => {
    const { wire } = await open(kind);
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 600 }),
      fc.constantFrom(...ATTACKS.map(({ text }) => text)),
    );
    fc.assert(
      fc.property(texts, fc.constantFrom('new', 'recovered', 'reminder'), (text, reason) => {
        expect(CHECKS[kind]?.(bodyOf(wire(aStep([due(reason, hostileAlert(text))], { kind: 'open' }))))).toEqual([]);
      }),
      { numRuns: kind === 'teams' ? 40 : 100 },
    );
  });

  it('fails that check if something is wrong', () => {
    expect(CHECKS[kind]?.({ type: 'x', attachments: [{ content: { type: 'AdaptiveCard' } }], odd: 1 })).not.toEqual([]);
  });
});

describe.each(NAMES)('a message to %s', (kind) => {
  it.each(ATTACKS)('holds nothing that acts on its reader: $name', async ({ text }) => {
    const { wire } = await open(kind);
    const wires = (['new', 'recovered'] as const).map((reason) => wire(aStep([due(reason, hostileAlert(text))])));
    // A program gets texts as they are, in JSON; its encoder escapes them.
    if (kind === 'exec' || kind === 'webhook') return;
    // Where a card would replace {{…}}, an invisible character breaks it up.
    const lines = wires.flatMap(textsOf).flatMap((shown) => shown.replaceAll(/[{$]\u200b/g, '').split('\n'));
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.filter((line) => harmIn(line) !== undefined)).toEqual([]);
  });

  it('names the run, what is wrong, where it is and its link', async () => {
    const { wire } = await open(kind);
    const said = JSON.stringify(textsOf(wire(aStep([due('new', anAlert('a'))], { kind: 'open' })))).replaceAll(
      '\\',
      '',
    );
    for (const text of ['Back up a', 'No heartbeat for 42 min', 'op_a', 'Fabrikam', 'https://host.example/runs/op']) {
      expect(said).toContain(text);
    }
  });

  it('gives the same for the same', async () => {
    const { wire } = await open(kind);
    expect(wire(aStep(MIXED))).toEqual(wire(aStep(MIXED)));
  });

  it('names its destination without a secret', async () => {
    expect(destinationOf((await open(kind)).wire(aStep(MIXED)))).not.toContain('s3cret');
  });
});

describe('the kinds of target', () => {
  it('document each field', () => {
    for (const { kind, fields } of TARGET_KINDS) {
      for (const [name, field] of Object.entries(fields)) {
        expect(field.meta()?.description ?? field.description, `${kind}.${name}`).toBeTypeOf('string');
      }
      expect(Object.keys(CONFIGS[kind] ?? {}).sort()).toEqual(Object.keys(fields).sort());
    }
  });

  it.each(
    TARGET_KINDS.flatMap(({ kind, fields }) =>
      Object.entries(fields).flatMap(([field, schema]) => (secretOf(schema) === 'always' ? [{ kind, field }] : [])),
    ),
  )('refuse a literal secret without repeating it: $kind.$field', async ({ kind, field }) => {
    const literal = field === 'headers' ? { Authorization: 's3cret' } : 's3cret';
    const failure = await openKind(kind, { ...CONFIGS[kind], [field]: literal }).catch((error: unknown) => error);
    expect(String(failure)).toMatch(/literal/);
    expect(String(failure)).not.toContain('s3cret');
  });

  it.each(NAMES)('refuse a field that does not exist: %s', async (kind) => {
    await expect(openKind(kind, { ...CONFIGS[kind], chanel: '#ops' })).rejects.toThrow('chanel');
  });
});

describe('Slack', () => {
  it('gets no text that is parsed as mrkdwn, except an escaped one', async () => {
    const { wire } = await open('slack');
    const body = bodyOf(wire(aStep([due('new', hostileAlert('<!channel> *all* <https://evil.example|fine> & ok'))])));
    const { text, blocks } = body as { text: string; blocks: unknown };
    expect(text).not.toMatch(/[<>]/);
    expect(text).toContain('&lt;!channel&gt;');
    expect(JSON.stringify(blocks)).not.toContain('mrkdwn');
    const links = [...JSON.stringify(blocks).matchAll(/"type":"link","url":"([^"]*)"/g)].map(([, url]) => url);
    expect(links.every((url) => url?.startsWith('https://host.example/'))).toBe(true);
  });
});

describe('Teams', () => {
  it('gets no text block, which would be parsed as Markdown, and no function of a card', async () => {
    const { wire } = await open('teams');
    const text = JSON.stringify(
      bodyOf(wire(aStep([due('new', hostileAlert('{{DATE(2017-02-14T06:00:00Z)}} ${x} [a](https://evil.example)'))]))),
    );
    expect(text).not.toContain('"TextBlock"');
    expect(text).not.toContain('{{');
    expect(text).not.toContain('${');
  });
});

describe('Discord', () => {
  it('mentions nobody and escapes Markdown', () => {
    expect(escapeMarkdown('**bold** @everyone [a](https://evil.example) <@1> # x 1. y')).toBe(
      String.raw`\*\*bold\*\* \@everyone \[a\]\(https\://evil.example\) \<\@1\> \# x 1\. y`,
    );
  });

  it('leaves no character that formats unescaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(escapeMarkdown(text).replaceAll(/\\./gsu, '')).not.toMatch(/[\\*_~`|>#[\]()<:@-]/);
      }),
    );
  });
});

describe('CloudEvents', () => {
  it('accept the event in structured mode, with the same id for the same message', async () => {
    const { wire } = await open('webhook');
    const sent = wire(aStep(MIXED));
    if (sent.via !== 'http') throw new Error('not over HTTP');
    const event = payloads.cloudEvent(sent.headers, sent.body);
    expect(event).toMatchObject({
      specversion: '1.0',
      id: 'f00d'.repeat(16),
      source: 'urn:tardy:target:ops',
      type: 'tardy.alerts.1',
      time: '2026-11-23T12:00:00.000Z',
      data: {
        schema: 'tardy.alerts/1',
        counts: { new: 1, worse: 1, reminder: 1, recovered: 1, vanished: 1 },
        omitted: 0,
      },
    });
    expect(sent.headers).toMatchObject({
      'content-type': 'application/cloudevents+json; charset=utf-8',
      authorization: 'env:HOOK',
    });
  });

  it('list 100 runs and count the others', async () => {
    const { wire } = await open('webhook');
    const { data } = bodyOf(wire(aStep(MANY))) as { data: { alerts: unknown[]; omitted: number } };
    expect({ listed: data.alerts.length, omitted: data.omitted }).toEqual({ listed: 100, omitted: 19_900 });
  });
});

describe('PagerDuty and Opsgenie', () => {
  it.each([
    { level: 'likely_stale', severity: 'critical', priority: 'P2' },
    { level: 'late', severity: 'warning', priority: 'P3' },
  ] as const)('get the severity of a run: $level', async ({ level, severity, priority }) => {
    const step = aStep([due('new', anAlert('a', { level }))], { kind: 'open' });
    expect(bodyOf((await open('pagerduty')).wire(step))).toMatchObject({
      event_action: 'trigger',
      dedup_key: 'tardy-a',
      payload: { severity },
    });
    expect(bodyOf((await open('opsgenie')).wire(step))).toMatchObject({ alias: 'tardy-a', priority });
  });

  it('get a recovery by the key of the alert', async () => {
    const step = aStep([due('recovered', anAlert('a'))], { kind: 'close' });
    expect(bodyOf((await open('pagerduty')).wire(step))).toEqual({
      routing_key: 'env:PD',
      event_action: 'resolve',
      dedup_key: 'tardy-a',
    });
    expect((await open('opsgenie')).wire(step)).toMatchObject({
      url: 'https://api.eu.opsgenie.com/v2/alerts/tardy-a/close?identifierType=alias',
      headers: { authorization: 'GenieKey env:GENIE' },
      accept: [404],
    });
  });
});
