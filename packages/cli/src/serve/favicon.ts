import type { ReportVerdict } from '@tardy/core';

/** Each verdict has a shape of its own, so that a tab can be told by more than its colour. */
const SHAPES: Readonly<Record<ReportVerdict, string>> = {
  fresh: '<circle cx="16" cy="16" r="15" fill="#1f8a4c"/><path d="m9 16.5 5 5 9-11"/>',
  late: '<path d="M16 2 31 30H1z" fill="#b86e00" stroke="none"/><path d="M16 12v8m0 5v.1"/>',
  stale: '<rect x="1" y="1" width="30" height="30" rx="4" fill="#c01526"/><path d="M16 8v10m0 6v.1"/>',
  unknown:
    '<circle cx="16" cy="16" r="15" fill="#5b6675"/><path d="M11.5 12a4.5 4.5 0 1 1 6.5 4c-1.4.8-2 1.6-2 3m0 5v.1"/>',
};

/** The icon of a tab; for anything else than a verdict, that of `unknown`. */
export function faviconOf(verdict: string | null): string {
  const shape = Object.entries(SHAPES).find(([name]) => name === verdict)?.[1] ?? SHAPES.unknown;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="#fff" stroke-width="3.6" stroke-linecap="round" stroke-linejoin="round">${shape}</svg>`;
}
