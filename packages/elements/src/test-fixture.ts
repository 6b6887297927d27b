import { expect } from '@esm-bundle/chai';
import 'axe-core';
import type * as Axe from 'axe-core';
import { announcer } from '#parts/announcer';
import { detailBody } from '#parts/detail-body';
import { listBody } from '#parts/list-body';
import { policyReader } from '#parts/policy-reader';
import { reportReader } from '#parts/report-reader';
import { runEvents } from '#parts/run-events';
import type { OpsElement } from './shared/ops-element.js';
import { replacePage } from './store/page.js';

const mounted: Element[] = [];

// Tests set the time: what a page loads late must not take any. Tests of the loading itself do without this file.
await Promise.all([announcer, detailBody, listBody, policyReader, reportReader, runEvents].map((part) => part.load()));

/** Puts an element into the page, properties set, and waits until it has drawn. */
export async function mount<T extends OpsElement>(
  type: new () => T,
  properties: Partial<T> & Readonly<Record<string, unknown>>,
  parent: ParentNode & Node = document.body,
): Promise<T> {
  const element = Object.assign(new type(), properties);
  parent.append(element);
  mounted.push(element);
  await element.updateComplete;
  return element;
}

/** Takes away what was mounted, and the page's store of stores. */
export function unmountAll(): void {
  for (const element of mounted.splice(0)) element.remove();
  for (const region of document.querySelectorAll('.ops-announcer')) region.remove();
  replacePage(undefined);
}

/** The texts of each part of this name. */
export function partsOf(element: Element, part: string): string[] {
  return [...(element.shadowRoot?.querySelectorAll(`[part~="${part}"]`) ?? [])].map((node) =>
    (node.textContent ?? '').replaceAll(/\s+/g, ' ').trim(),
  );
}

/**
 * Expects that axe finds no violation, and that it can find one: without fonts text has no width, and most rules then pass for the
 * wrong reason.
 */
export async function expectAccessible(element: Element): Promise<void> {
  const probe = document.createElement('span');
  probe.textContent = 'Wide';
  document.body.append(probe);
  expect(probe.getBoundingClientRect().width, 'text has width').to.be.greaterThan(10);
  probe.remove();
  const { axe } = globalThis as unknown as { axe: typeof Axe };
  const { violations } = await axe.run(element, { rules: { region: { enabled: false } } });
  const found = violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join(' | ')}`,
  );
  expect(found).to.deep.equal([]);
}
