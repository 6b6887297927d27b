import type { OpsElement } from '@tardy/elements';

/** The elements of this page. */
export function elementsHere(): OpsElement[] {
  return [...document.querySelectorAll('run-progress, ops-kpis, ops-attention, ops-list, run-detail')] as OpsElement[];
}
