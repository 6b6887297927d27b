import { enSurfaces, LATELY_MS, presentFigures, summarize, type Figure } from '@tardy/core';
import { createOpsStore, type OpsStore } from '@tardy/elements';
import { elementsHere } from './elements-here.js';

/** A host can create the store itself and pass it to the elements: here a separate table reads it too, and changes with them. */
export function showTenantFigures(): void {
  const table = document.querySelector<HTMLTableElement>('#tenant-figures');
  const workspace = table?.dataset['workspace'];
  if (table === null || workspace === undefined) return;
  const store = createOpsStore({ src: '/api', workspace });
  for (const element of elementsHere()) element.store = store;
  store.join({
    wants: () => ({ active: true, recent: 100 }),
    viewChanged: () => draw(table, store),
    nextWordsAt: () => Infinity,
  });
}

function draw(table: HTMLTableElement, store: OpsStore): void {
  const { view } = store;
  const { tenants } = summarize(view.runs, store.now() - LATELY_MS);
  for (const row of table.querySelectorAll<HTMLTableRowElement>('tbody tr')) {
    const tenantId = row.dataset['tenant'];
    const totals = tenants.find(({ id }) => id === tenantId) ?? summarize([], 0).totals;
    const withheld = view.phase !== 'live' || !view.complete;
    const figures = presentFigures(totals, { surfaces: enSurfaces, filter: { tenantId }, withheld });
    while (row.cells.length > 1) row.deleteCell(1);
    for (const figure of figures) row.append(cellOf(figure, view.asOf !== undefined));
    headOf(table, figures);
  }
}

function cellOf({ value, tone }: Figure, isKnown: boolean): HTMLTableCellElement {
  const cell = document.createElement('td');
  cell.textContent = isKnown ? String(value) : '–';
  cell.dataset['tone'] = isKnown && value > 0 ? tone : 'calm';
  return cell;
}

function headOf(table: HTMLTableElement, figures: readonly Figure[]): void {
  const row = table.tHead?.rows[0];
  if (row === undefined || row.cells.length > 1) return;
  for (const { label } of figures) {
    const cell = document.createElement('th');
    cell.scope = 'col';
    cell.textContent = label;
    row.append(cell);
  }
}
