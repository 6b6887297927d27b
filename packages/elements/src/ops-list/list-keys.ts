/** The index that a key moves to among `count` items; `undefined` for any other key. */
export function stepOf(key: string, at: number, count: number, back: string, on: string): number | undefined {
  const to = key === back ? at - 1 : key === on ? at + 1 : key === 'Home' ? 0 : key === 'End' ? count - 1 : undefined;
  return to === undefined ? undefined : Math.min(Math.max(0, to), count - 1);
}
