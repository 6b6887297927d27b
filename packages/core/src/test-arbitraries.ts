import fc from 'fast-check';
import { formatDuration } from './duration.js';
import { PolicyError, type PolicyDocument, type PolicyFields, type PolicyRule } from './policy-document.js';
import { createPolicy, trustPolicy, type Policy } from './policy.js';
import {
  FLAG_AUTHORS,
  FLAG_KINDS,
  HOLDS,
  INITIATOR_KINDS,
  RUN_OUTCOMES,
  RUN_STATUSES,
  type Instant,
  type Run,
  type RunStatus,
} from './run.js';
import { DAY, HOUR, MINUTE, NOW, SECOND } from './test-runs.js';

/** Lengths of time that tend to meet each other and the thresholds below, at the millisecond and one beside it. */
const span = fc
  .tuple(
    fc.constantFrom(0, SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY),
    fc.constantFrom(-1, 0, 0, 1),
  )
  .map(([ms, beside]) => Math.max(0, ms + beside));

/** An instant around `NOW`, more often past than future. */
const nearInstant: fc.Arbitrary<Instant> = fc.oneof(
  { weight: 4, arbitrary: span.map((ms) => NOW - ms) },
  { weight: 1, arbitrary: span.map((ms) => NOW + ms) },
  { weight: 1, arbitrary: fc.integer({ min: NOW - 3 * DAY, max: NOW + DAY }) },
);

/** Any instant that RFC 3339 can write. */
export const anyInstant: fc.Arbitrary<Instant> = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 });

/** Text with half surrogate pairs, controls and whatever else a source may send; not empty. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 8 })
    .map((codes) => String.fromCharCode(...codes)),
  fc.constantFrom('__proto__', 'constructor', '\n', ' ', '<b>&amp;', '\u{202E}'),
);

type Parts = { readonly instant?: fc.Arbitrary<Instant>; readonly text?: fc.Arbitrary<string> };

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const count = fc.integer({ min: 0, max: 2000 });

/** Any run that `parseRun` can give. By default its instants lie around `NOW` and its texts meet those of `anyPolicy`. */
export function anyRun({
  instant = nearInstant,
  text = fc.constantFrom('a', 'ab', 'b', 'ba', 'nightly'),
}: Parts = {}): fc.Arbitrary<Run> {
  const owner = fc.record({ id: text, name: optional(text) });
  return fc.constantFrom<RunStatus>('running', ...RUN_STATUSES).chain((status) =>
    fc.record({
      id: text,
      source: text,
      type: text,
      title: text,
      workspace: optional(owner),
      tenant: optional(owner),
      status: fc.constant(status),
      outcome:
        status === 'completed'
          ? fc.constantFrom(...RUN_OUTCOMES.filter((outcome) => outcome !== 'pending'))
          : fc.oneof({ weight: 9, arbitrary: fc.constant('pending' as const) }, fc.constant('unknown' as const)),
      hold: fc.option(fc.constantFrom(...HOLDS), { nil: undefined, freq: 3 }),
      holdSince: optional(instant),
      waitsFor: optional(
        fc.record({
          kind: text,
          id: optional(text),
          name: optional(text),
          url: optional(fc.constant('https://ci.example/pools/1')),
          state: optional(text),
          until: optional(instant),
        }),
      ),
      queuedAt: optional(instant),
      notBefore: fc.option(instant, { nil: undefined, freq: 2 }),
      startedAt: optional(instant),
      phaseAt: fc.option(instant, { nil: undefined, freq: 2 }),
      heartbeatAt: optional(instant),
      heartbeatInterval: fc.option(
        fc.oneof(fc.constantFrom(SECOND, 30 * SECOND, 5 * MINUTE), fc.nat(DAY)).map((ms) => ms + 1),
        {
          nil: undefined,
          freq: 2,
        },
      ),
      endedAt: optional(instant),
      deadlineAt: fc.option(instant, { nil: undefined, freq: 2 }),
      attempt: fc.integer({ min: 1, max: 3 }),
      flag: fc.option(
        fc.record({
          kind: fc.constantFrom(...FLAG_KINDS),
          by: optional(fc.constantFrom(...FLAG_AUTHORS)),
          text: optional(text),
          since: optional(instant),
        }),
        { nil: undefined, freq: 2 },
      ),
      progress: optional(
        fc.record({
          processed: count,
          total: optional(count),
          succeeded: optional(count),
          failed: optional(count),
          skipped: optional(count),
          unit: optional(text),
        }),
      ),
      reconciliation: optional(fc.record({ at: instant, reason: text, from: text })),
      failure: optional(fc.record({ code: optional(text), message: optional(text) })),
      initiator: optional(fc.record({ kind: fc.constantFrom(...INITIATOR_KINDS), name: optional(text) })),
      url: optional(fc.constantFrom('https://ci.example/runs/1', 'http://[::1]:8080/x?y=z#w')),
      labels: fc.dictionary(fc.oneof(text, fc.constant('env')), text, { maxKeys: 3 }),
      native: optional(fc.record({ status: text, outcome: optional(text) })),
    }),
  );
}

const duration = fc.oneof({ weight: 9, arbitrary: span }, fc.constant(Infinity)).map(formatDuration);

/** Mostly such that no late can exceed a stale. */
const late = fc.oneof({ weight: 5, arbitrary: fc.constantFrom('0s', '1s', '1m', '2m', '5m') }, duration);
const stale = fc.oneof({ weight: 5, arbitrary: fc.constantFrom('5m', '10m', '1h', '6h', '1d', 'never') }, duration);
const thresholds = fc.record({ late, stale }, { requiredKeys: [] });

const fields: fc.Arbitrary<PolicyFields> = fc.record(
  {
    queue: thresholds,
    run: thresholds,
    silence: fc.record({ late, stale, vouches: fc.boolean() }, { requiredKeys: [] }),
    hold: thresholds,
    deadline: fc.record({ grace: duration }),
    flag: fc.oneof(
      fc.constantFrom('late' as const, 'stale' as const, 'ignore' as const),
      fc.record(
        { worker_lost: thresholds, stuck: thresholds, orphaned: thresholds, late: thresholds },
        { requiredKeys: [] },
      ),
    ),
    clock_tolerance: fc.constantFrom('0s', '1s', '30s', '5m'),
  },
  { requiredKeys: [] },
);

const glob = fc.constantFrom('a', 'b', 'ab', 'a*', '*a', '*b', '?', '??', 'n*t*', '*', 'nightly');

const globs = fc.oneof(glob, fc.array(glob, { minLength: 1, maxLength: 3 }));

const rule: fc.Arbitrary<PolicyRule> = fc
  .tuple(
    fc.record(
      { source: globs, type: globs, workspace: globs, tenant: globs, 'labels.env': globs },
      { requiredKeys: [] },
    ),
    fields,
  )
  .map(([match, rest]) => ({ match, ...rest }));

/** Any policy document, contradictory ones among them. */
export const anyDocument: fc.Arbitrary<PolicyDocument> = fc.record(
  { version: fc.constant(1 as const), defaults: fields, rules: fc.array(rule, { maxLength: 4 }) },
  { requiredKeys: ['version'] },
);

/** Any policy. Trusted, since to look for contradictions takes longer than what the tests do with it. */
export const anyPolicy: fc.Arbitrary<Policy> = anyDocument.map((document) => trustPolicy(document));

/** Whether `createPolicy` takes the document. */
export function accepted(document: PolicyDocument): boolean {
  try {
    createPolicy(document);
    return true;
  } catch (error) {
    if (error instanceof PolicyError) return false;
    throw error;
  }
}
