/** What a message of Kubernetes says about a quota that refused an object. */
export type QuotaRefusal = {
  readonly name: string;
  /** Whether the quota may have room later. If not, the request alone exceeds it, or names no amount where the quota demands one. */
  readonly mayFit: boolean;
};

const REFUSED = /(?:exceeded|failed) quota: ([^\s,:]+)/;

/** The refusal that a message quotes; `undefined` if it is about something else. */
export function quotaRefusal(message: string): QuotaRefusal | undefined {
  const name = REFUSED.exec(message)?.[1];
  if (name === undefined) return undefined;
  const [, requested, used] = partsOf(message, 'requested: ', ', used: ');
  const [, , limited] = partsOf(used ?? '', '', ', limited: ');
  if (requested === undefined || limited === undefined) return { name, mayFit: false };
  const limits = amountsIn(limited);
  const tooMuch = [...amountsIn(requested)].some(([resource, amount]) => amount > (limits.get(resource) ?? Infinity));
  return { name, mayFit: !tooMuch };
}

/** The text before two marks, between them and after them; empty if it does not hold both. */
function partsOf(text: string, first: string, second: string): readonly string[] {
  const from = text.indexOf(first);
  const to = from < 0 ? -1 : text.indexOf(second, from + first.length);
  if (to < 0) return [];
  return [text.slice(0, from), text.slice(from + first.length, to), text.slice(to + second.length)];
}

/** `limits.cpu=700m,pods=1` as numbers by resource. What cannot be read is left out. */
function amountsIn(text: string): ReadonlyMap<string, number> {
  const pairs = text.split(',').flatMap((pair) => {
    const [, resource, digits, suffix = ''] = /^(.+)=(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(pair.trim()) ?? [];
    const scale = SUFFIXES[suffix];
    return resource === undefined || scale === undefined ? [] : [[resource, Number(digits) * scale] as const];
  });
  return new Map(pairs);
}

/** The suffixes of a quantity in Kubernetes. */
const SUFFIXES: Readonly<Record<string, number>> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};
