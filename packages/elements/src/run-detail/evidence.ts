import { formatInstant, runToWire, type Explanation, type Freshness, type Instant, type Run } from '@tardy/core';

/** Decides what is copied of a record: returns the value, another one, or `undefined` to leave it out. */
export type Redact = (path: string, value: unknown) => unknown;

/** What a verdict was derived from. */
export type Evidence = {
  readonly run: Run;
  readonly freshness: Freshness;
  readonly explanation: Explanation | undefined;
  readonly policyDigest: string | undefined;
  readonly now: Instant;
};

const SECRET = /secret|token|passw|api[-_]?key|credential|authorization|cookie/i;
const HIDDEN = '[redacted]';

/** Hides values that are named like a secret, and the query of every URL. */
export function redactSecrets(path: string, value: unknown): unknown {
  if (SECRET.test(path.split('.').at(-1) ?? '')) return HIDDEN;
  return typeof value === 'string' ? value.replace(/https?:\/\/\S*/g, withoutQuery) : value;
}

/** A user and a password in it are hidden too. */
function withoutQuery(url: string): string {
  return url.replace(/\/\/[^/?#]*@/, '//').replace(/[?#].*/, `?${HIDDEN}`);
}

/** The evidence as JSON: the run on the wire, the verdict and its clocks; instants as text, `null` for never. */
export function evidenceJson({ run, freshness, explanation, policyDigest, now }: Evidence, redact: Redact): string {
  const evidence = {
    schema: 'tardy.evidence/1',
    now: formatInstant(now),
    policy: { digest: policyDigest },
    run: runToWire(run),
    freshness: written(freshness),
    clocks: explanation?.clocks.map(written),
    thresholds: explanation && written(explanation.thresholds),
  };
  return JSON.stringify(redacted(evidence, '', redact), undefined, 2);
}

/** The raw record as JSON. */
export function recordJson(run: Run): string {
  return JSON.stringify(redacted(runToWire(run), '', redactSecrets), undefined, 2);
}

function redacted(value: unknown, path: string, redact: Redact): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item, index) => redacted(item, `${path}.${index}`, redact));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const at = path === '' ? key : `${path}.${key}`;
      const kept = redact(at, inner);
      return [key, kept === inner ? redacted(inner, at, redact) : kept];
    }),
  );
}

/** The value with names as on the wire, and instants as text. */
function written(value: unknown): unknown {
  if (value === Infinity) return null;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(written);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const key = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      const isInstant = typeof inner === 'number' && Number.isFinite(inner) && /(?:^at|At|Until|since)$/.test(name);
      return [key, isInstant ? formatInstant(inner) : written(inner)];
    }),
  );
}
