import type { Alert } from '@tardy/core';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { fakeIo, NOON } from '../test-io.js';
import { deliverDue, describeWire, previewDue } from './deliver.js';
import type { Target } from './open-targets.js';
import { anAlert, CONFIGS, openKind } from './test-message.js';
import type { Delivered, Wire } from './wire.js';

const OPTIONS = { timeoutMs: 1000, allowHosts: [], debug: false, ca: undefined };

async function target(name: string, kind: string): Promise<Target> {
  const opened = await openKind(kind, CONFIGS[kind] ?? {}, { url: `https://${name}.example/s3cret` });
  return { ...opened, name, kind, remindMs: undefined, recoveries: true, unreadableMs: 0, secrets: ['s3cret'] };
}

const to = (wire: Wire) => (wire.via === 'http' ? new URL(wire.url).hostname : wire.via);

async function deliver(alerts: readonly Alert[], targets: readonly Target[], deliver: (wire: Wire) => Delivered) {
  const world = fakeIo({ deliver });
  const saved: (readonly Alert[])[] = [];
  const results = await deliverDue(world.io, alerts, targets, NOON, OPTIONS, async (next) => void saved.push(next));
  return { results, saved, delivered: world.delivered, last: saved.at(-1) ?? alerts };
}

const fine = (): Delivered => ({ ok: true });
const down =
  (host: string) =>
  (wire: Wire): Delivered =>
    to(wire) === host ? { ok: false, reason: `${host} is down.` } : { ok: true };

describe('deliverDue', () => {
  it('sends each target what it is due, once', async () => {
    const targets = [await target('chat', 'slack'), await target('mail', 'email')];
    const first = await deliver([anAlert('a'), anAlert('b')], targets, fine);
    expect(first.delivered.map(({ wire }) => to(wire))).toEqual(['chat.example', 'mail']);
    expect(first.results.map(({ sent, unsent }) => [sent.length, unsent.length])).toEqual([
      [2, 0],
      [2, 0],
    ]);
    const second = await deliver(first.last, targets, fine);
    expect(second.delivered).toEqual([]);
    expect(second.saved).toEqual([]);
  });

  it('tries again what a target did not confirm, and sends the others nothing twice', async () => {
    const targets = [await target('chat', 'slack'), await target('hook', 'discord')];
    const first = await deliver([anAlert('a')], targets, down('chat.example'));
    expect(first.results[0]).toMatchObject({ sent: [], reasons: ['chat.example is down.'] });
    expect(first.results[0]?.unsent).toHaveLength(1);
    const second = await deliver(first.last, targets, fine);
    expect(second.delivered.map(({ wire }) => to(wire))).toEqual(['chat.example']);
  });

  it('records each message before it sends the next one', async () => {
    const pager = [await target('pager', 'pagerduty')];
    let sends = 0;
    const world = fakeIo({ deliver: () => ({ ok: ++sends > 0 }) as Delivered });
    const seen: number[] = [];
    await deliverDue(world.io, [anAlert('a'), anAlert('b'), anAlert('c')], pager, NOON, OPTIONS, async (next) => {
      seen.push(sends, next.filter(({ deliveries }) => 'pager' in deliveries).length);
    });
    expect(seen).toEqual([1, 1, 2, 2, 3, 3]);
  });

  it('stops when it cannot record what it sent, so that little is sent twice', async () => {
    const world = fakeIo();
    const full = new UsageError('the disk is full');
    await expect(
      deliverDue(
        world.io,
        [anAlert('a'), anAlert('b')],
        [await target('pager', 'pagerduty')],
        NOON,
        OPTIONS,
        async () => {
          throw full;
        },
      ),
    ).rejects.toBe(full);
    expect(world.delivered).toHaveLength(1);
  });

  it('leaves a target alone that fails three times in a row', async () => {
    const alerts = ['a', 'b', 'c', 'd', 'e'].map((key) => anAlert(key));
    const pager = await target('pager', 'pagerduty');
    const { delivered, results } = await deliver(alerts, [pager], () => ({ ok: false, reason: 'It is down.' }));
    expect(delivered).toHaveLength(3);
    expect(results[0]?.unsent).toHaveLength(5);
    expect(results[0]?.reasons).toEqual(['It is down.']);
  });

  it('records that a target without recoveries has nothing open any more', async () => {
    const quiet = { ...(await target('chat', 'slack')), recoveries: false };
    const ended = { at: NOON, how: 'recovered', text: 'it is running' } as const;
    const sent = { chat: { at: NOON - 1, level: 'likely_stale', thread: 'digest' } } as const;
    const { delivered, last } = await deliver([anAlert('a', { ended, deliveries: sent })], [quiet], fine);
    expect(delivered).toEqual([]);
    expect(last[0]?.deliveries).toEqual({});
  });

  it('keeps the secrets of a target out of outputs', async () => {
    const { delivered } = await deliver([anAlert('a')], [await target('chat', 'slack')], fine);
    expect(delivered[0]?.options.secrets).toEqual(['s3cret']);
  });
});

describe('previewDue', () => {
  it('gives what would be sent and where to, without the URL and the credentials', async () => {
    const targets = await Promise.all(['slack', 'email', 'webhook', 'exec'].map((kind) => target(kind, kind)));
    const shown = previewDue([anAlert('a')], targets, NOON).flatMap(({ target: one, wires }) =>
      wires.map((wire) => describeWire(one, wire)),
    );
    expect(shown).toMatchObject([
      { target: 'slack', to: 'https://slack.example' },
      { target: 'email', subject: 'Likely stuck: Back up a' },
      { target: 'webhook', to: 'https://hook.example' },
      { target: 'exec', command: ['./page', '--now'] },
    ]);
    expect(JSON.stringify(shown)).not.toMatch(/s3cret|env:/);
  });
});
