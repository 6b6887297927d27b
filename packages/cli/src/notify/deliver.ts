import { dueFor, forgetEnded, markSent, type Alert, type Due, type Instant } from '@tardy/core';
import type { CliIo } from '../io.js';
import { sanitizeLines } from '../output/sanitize.js';
import type { CommonOptions } from '../read/common-options.js';
import type { Target } from './open-targets.js';
import { planSteps, type Step } from './plan.js';
import { destinationOf, type Delivered, type DeliverOptions, type Wire } from './wire.js';

/** What became of the messages to one target. */
export type TargetResult = {
  readonly target: Target;
  /** What it confirmed, and what it did not. */
  readonly sent: readonly Due[];
  readonly unsent: readonly Due[];
  /** Why, once for each reason. */
  readonly reasons: readonly string[];
};

/** How messages are delivered. */
export type DeliveryOptions = Pick<CommonOptions, 'timeoutMs' | 'allowHosts' | 'debug'> & {
  readonly ca: string | undefined;
};

/** After so many failures in a row a target is left alone until the next check. */
const MOST_FAILURES = 3;

/**
 * Sends each target what it is due, and records each message as soon as it is confirmed: what is left is due again in the next check. Targets
 * are independent of one another.
 *
 * @param save records the alerts; called after each message.
 */
export async function deliverDue(
  io: CliIo,
  alerts: readonly Alert[],
  targets: readonly Target[],
  now: Instant,
  options: DeliveryOptions,
  save: (alerts: readonly Alert[]) => Promise<void>,
): Promise<readonly TargetResult[]> {
  let current = alerts;
  const results: TargetResult[] = [];
  for (const target of targets) {
    current = forgetEnded(current, target.name, { now, recoveries: target.recoveries });
    const steps = stepsFor(target, current, now);
    const sent: Due[] = [];
    const unsent: Due[] = [];
    const reasons = new Set<string>();
    let failures = 0;
    for (const step of steps) {
      const { due } = step.message;
      const delivered = failures < MOST_FAILURES ? await send(io, target, step, options) : undefined;
      if (delivered?.ok === true) {
        failures = 0;
        sent.push(...due);
        current = markSent(current, { target: target.name, thread: step.thread, due }, now);
        await save(current);
      } else {
        failures++;
        unsent.push(...due);
        if (delivered !== undefined) reasons.add(delivered.reason);
      }
    }
    results.push({ target, sent, unsent, reasons: [...reasons] });
  }
  if (current !== alerts && results.every(({ sent }) => sent.length === 0)) await save(current);
  return results;
}

/** What a target is due, as it would leave this machine. Nothing is sent. */
export function previewDue(
  alerts: readonly Alert[],
  targets: readonly Target[],
  now: Instant,
): readonly { readonly target: Target; readonly wires: readonly Wire[] }[] {
  return targets.map((target) => ({
    target,
    wires: stepsFor(target, alerts, now).flatMap((step) => (step.kind === 'nothing' ? [] : [target.wire(step)])),
  }));
}

function stepsFor(target: Target, alerts: readonly Alert[], now: Instant): readonly Step[] {
  const { name, style, remindMs, recoveries, unreadableMs } = target;
  return planSteps(name, style, dueFor(name, alerts, { now, remindMs, recoveries, unreadableMs }), alerts, now);
}

async function send(io: CliIo, target: Target, step: Step, options: DeliveryOptions): Promise<Delivered> {
  if (step.kind === 'nothing') return { ok: true };
  const wire = target.wire(step);
  const delivery: DeliverOptions = {
    timeoutMs: options.timeoutMs,
    ca: options.ca,
    allowHosts: options.allowHosts,
    secrets: target.secrets,
    debug: options.debug ? (line) => io.stderr.write(sanitizeLines(`${target.name}: ${line}\n`)) : undefined,
  };
  return io.deliver(wire, delivery);
}

/** A message for people who want to see what would be sent: everything but secrets. */
export function describeWire(target: Target, wire: Wire): object {
  const shown = { target: target.name, kind: target.kind, to: destinationOf(wire) };
  switch (wire.via) {
    case 'http':
      return { ...shown, body: wire.body };
    case 'mail':
      return { ...shown, subject: wire.subject, text: wire.text };
    case 'command':
      return { ...shown, command: wire.command, stdin: wire.stdin };
  }
}
