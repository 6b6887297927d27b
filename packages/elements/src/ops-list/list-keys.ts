/** Where a key leads among so many things, by the keys for back and on; `undefined` where it leads nowhere. */
export function stepOf(key: string, at: number, count: number, back: string, on: string): number | undefined {
  const to = key === back ? at - 1 : key === on ? at + 1 : key === 'Home' ? 0 : key === 'End' ? count - 1 : undefined;
  return to === undefined ? undefined : Math.min(Math.max(0, to), count - 1);
}
