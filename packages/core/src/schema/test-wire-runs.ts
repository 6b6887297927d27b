import fc from 'fast-check';
import { FLAG_AUTHORS, FLAG_KINDS, HOLDS, INITIATOR_KINDS, RUN_OUTCOMES, RUN_STATUSES } from '../run.js';

/** The example of the run API's documentation. */
export const EXAMPLE = {
  id: 'op_42',
  source: 'host',
  type: 'baseline_compare',
  title: 'Compare baseline Q3',
  workspace: { id: 'w1', name: 'Contoso' },
  tenant: { id: '7', name: 'Fabrikam' },
  status: 'running',
  outcome: 'pending',
  hold: null,
  hold_since: null,
  waits_for: null,
  queued_at: '2026-11-23T09:00:00Z',
  not_before: null,
  started_at: '2026-11-23T09:00:04Z',
  phase_at: null,
  heartbeat_at: '2026-11-23T09:12:30Z',
  heartbeat_interval: 30,
  ended_at: null,
  deadline_at: null,
  attempt: 1,
  progress: { processed: 12, total: 40, succeeded: 11, failed: 1, skipped: 0, unit: 'policies' },
  reconciliation: null,
  failure: null,
  initiator: { kind: 'user', name: 'dana' },
  flag: null,
  url: 'https://host.example/admin/operations/42',
  labels: { env: 'prod' },
  native: { status: 'processing' },
};

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const filled = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
const text = maybe(fc.string({ maxLength: 12, unit: 'grapheme' }));
const amount = fc.oneof(fc.nat({ max: 1000 }), fc.double({ min: 0, max: 1e6, noNaN: true }));
const at = fc
  .record({
    ms: fc.integer({ min: 0, max: Date.UTC(2099, 11, 31) }),
    offset: fc.constantFrom('Z', '+00:00', '-08:00', '+05:45'),
    digits: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ ms, offset, digits }) => {
    const [whole, fraction] = new Date(ms).toISOString().slice(0, -1).split('.');
    return `${whole}${digits === 0 ? '' : `.${fraction?.slice(0, digits)}`}${offset}`;
  });
const owner = maybe(fields({ id: filled }, { name: text }));

/** Any run that can be read, with fields absent, `null` or unknown to us. */
export const wireRun: fc.Arbitrary<Readonly<Record<string, unknown>>> = fields(
  { id: filled, type: filled, status: fc.constantFrom(...RUN_STATUSES) },
  {
    source: text,
    title: text,
    workspace: owner,
    tenant: owner,
    outcome: maybe(fc.oneof(fc.constantFrom(...RUN_OUTCOMES), fc.string({ maxLength: 12 }))),
    hold: maybe(fc.constantFrom(...HOLDS)),
    hold_since: maybe(at),
    waits_for: maybe(fields({ kind: filled }, { id: text, name: text, url: text, state: text, until: maybe(at) })),
    queued_at: maybe(at),
    not_before: maybe(at),
    started_at: maybe(at),
    phase_at: maybe(at),
    heartbeat_at: maybe(at),
    heartbeat_interval: maybe(
      fc.oneof(fc.integer({ min: 1, max: 31_536_000 }), fc.double({ min: 0.001, max: 3600, noNaN: true })),
    ),
    ended_at: maybe(at),
    deadline_at: maybe(at),
    attempt: maybe(fc.integer({ min: 1, max: 9 })),
    flag: maybe(
      fields(
        { kind: fc.constantFrom(...FLAG_KINDS) },
        { by: maybe(fc.constantFrom(...FLAG_AUTHORS)), text, since: maybe(at) },
      ),
    ),
    progress: maybe(
      fields(
        { processed: amount },
        {
          total: maybe(amount),
          succeeded: maybe(amount),
          failed: maybe(amount),
          skipped: maybe(amount),
          unit: text,
        },
      ),
    ),
    reconciliation: maybe(fields({ at }, { reason: text, from: text })),
    failure: maybe(fields({}, { code: text, message: text })),
    initiator: maybe(fields({ kind: fc.constantFrom(...INITIATOR_KINDS) }, { name: text })),
    url: maybe(fc.oneof(fc.webUrl(), fc.constantFrom('javascript:alert(1)', '', 'https://'))),
    labels: maybe(fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }).filter(isOrdinary), text, { maxKeys: 5 })),
    native: maybe(fields({ status: filled }, { outcome: text })),
    some_field_of_the_future: fc.json(),
  },
);

/** What a careless or hostile source may put in the place of anything. */
const oddity: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, '', 0, -0, -1, 1, 1.5, 1e300, true, [], {}, Number.NaN, Infinity),
  fc.constantFrom('a'.repeat(4096), 'a'.repeat(4097), '\u{1F600}'.repeat(2048), '\u{1F600}'.repeat(2049), '\0'),
  fc.constantFrom(
    '2026-11-23T09:00:00',
    '2026-11-23 09:00:00Z',
    '2026-02-29T00:00:00Z',
    '2026-11-23T23:59:60Z',
    '2026-11-23',
  ),
  fc.constantFrom('queued', 'done', 'approval', 'worker_lost', 'user', 'pending'),
  fc.constantFrom(
    labelled(64),
    labelled(65),
    { id: null },
    { id: '' },
    { kind: 'nobody' },
    { processed: -1 },
    { at: 'noon' },
  ),
  fc.jsonValue().map(withoutPrototypeKey),
);

/** A run of which up to three places, at any depth, hold something odd. */
export const oddRun: fc.Arbitrary<unknown> = fc
  .tuple(wireRun, fc.array(fc.tuple(fc.nat(), fc.nat(), oddity), { minLength: 1, maxLength: 3 }))
  .map(([run, changes]) => changes.reduce((value, [field, inner, odd]) => replaced(value, field, inner, odd), run));

function replaced(run: Readonly<Record<string, unknown>>, field: number, inner: number, odd: unknown) {
  const names = [...new Set([...Object.keys(EXAMPLE), ...Object.keys(run)])];
  const name = names[field % names.length] ?? 'id';
  const value = run[name];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { ...run, [name]: odd };
  const innerNames = [...Object.keys(value), ''];
  const innerName = innerNames[inner % innerNames.length] ?? '';
  return { ...run, [name]: innerName === '' ? odd : { ...value, [innerName]: odd } };
}

function maybe<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.option(arbitrary, { nil: null, freq: 4 });
}

function fields(
  required: Readonly<Record<string, fc.Arbitrary<unknown>>>,
  optional: Readonly<Record<string, fc.Arbitrary<unknown>>>,
): fc.Arbitrary<Record<string, unknown>> {
  const requiredKeys = Object.keys(required);
  return fc.record({ ...required, ...optional }, { requiredKeys, noNullPrototype: true });
}

/** So many labels. */
export function labelled(count: number): Json {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`label${index}`, 'x']));
}

/** zod passes over a key named `__proto__`; nothing else about runs does. */
function isOrdinary(key: string): boolean {
  return key !== '__proto__';
}

function withoutPrototypeKey(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, member: unknown) => {
    if (typeof member === 'object' && member !== null) Reflect.deleteProperty(member, '__proto__');
    return member;
  });
}
