import type { Status, TenantStatus } from '../../live/status.js';
import { pollOnly } from './poll-only.js';

/** One turn of the wall: a tenant, or `undefined` for all of them. */
type Turn = Pick<TenantStatus, 'id' | 'name'> | undefined;

/** How long before its turn a panel begins to read, so that it is never empty when it appears. */
const AHEAD_MS = 3000;

/** Runs the wall: its clock, and the panel that shows one tenant after another. Gives what takes each new status. */
export function startWall(rotateMs: number): (status: Status) => void {
  let tenants: readonly TenantStatus[] = [];
  let turn = 0;
  let shown: Turn;
  const stage = document.querySelector('#rotating');

  function show(panel: Element): void {
    for (const old of stage?.querySelectorAll(':scope > :not([hidden])') ?? []) old.remove();
    panel.removeAttribute('hidden');
  }

  function prepare(next: Turn): Element {
    const panel = panelOf(next);
    panel.setAttribute('hidden', '');
    stage?.append(panel);
    return panel;
  }

  function rotate(): void {
    const turns: readonly Turn[] = tenants.length > 1 ? [undefined, ...tenants] : [undefined];
    turn = (turn + 1) % turns.length;
    const next = turns[turn];
    setTimeout(rotate, rotateMs);
    if (next?.id === shown?.id) return;
    shown = next;
    const panel = prepare(next);
    setTimeout(() => show(panel), Math.min(AHEAD_MS, rotateMs / 2));
  }

  show(prepare(undefined));
  setTimeout(rotate, rotateMs);
  tick();
  setInterval(tick, 1000);
  fitLines();
  addEventListener('resize', fitLines);
  return (status) => {
    tenants = status.tenants;
  };
}

function panelOf(tenant: Turn): Element {
  const panel = document.createElement('div');
  const progress = document.createElement('run-progress');
  pollOnly(progress);
  progress.setAttribute('src', '/api');
  progress.setAttribute('announce', 'off');
  progress.setAttribute('max', '6');
  if (tenant !== undefined) {
    progress.setAttribute('tenant', tenant.id);
    const heading = document.createElement('h2');
    heading.slot = 'heading';
    heading.textContent = tenant.name;
    progress.append(heading);
  }
  panel.append(progress);
  return panel;
}

function tick(): void {
  const clock = document.querySelector('#clock');
  if (clock !== null) clock.textContent = new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}

/** As many lines of attention as fit; the others are counted. */
function fitLines(): void {
  const attention = document.querySelector('ops-attention');
  const space = attention?.parentElement?.clientHeight ?? 0;
  const line = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) * 3.4;
  attention?.setAttribute('max', String(Math.max(3, Math.floor(space / line) - 2)));
}
