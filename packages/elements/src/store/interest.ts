import type { StoreListener } from './ops-store.js';

/** What all listeners together need to be read. */
export type Interest = {
  readonly active: boolean;
  readonly recent: number | undefined;
  readonly ids: readonly string[];
  readonly poll: 'auto' | 'keep' | 'off';
};

const EAGERNESS = ['off', 'auto', 'keep'] as const;

/** Merges the interests of listeners: the most that any of them needs. */
export function mergeInterests(listeners: Iterable<StoreListener>): Interest {
  let active = false;
  let recent = 0;
  let eagerness = 0;
  const ids = new Set<string>();
  for (const listener of listeners) {
    const interest = listener.wants();
    active ||= interest.active === true;
    recent = Math.max(recent, interest.recent ?? 0);
    eagerness = Math.max(eagerness, EAGERNESS.indexOf(interest.poll ?? 'auto'));
    if (interest.id !== undefined) ids.add(interest.id);
  }
  return {
    active,
    recent: recent > 0 ? recent : undefined,
    ids: [...ids].sort(),
    poll: EAGERNESS[eagerness] ?? 'auto',
  };
}
