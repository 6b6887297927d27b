import * as z from 'zod';
import { MATCH_FIELDS } from '../match.js';
import { PolicyError, type FlagEffect, type PolicyIssue } from '../policy-document.js';
import { createPolicy, type Policy } from '../policy.js';

/** What `parseDuration` reads, as a pattern that an editor can check too. */
const DURATION =
  /^(?:never|(?=.)(?:\d+(?:\.\d+)?d)?(?:\d+(?:\.\d+)?h)?(?:\d+(?:\.\d+)?m)?(?:\d+(?:\.\d+)?s)?(?:\d+ms)?|P(?=.)(?:\d+(?:\.\d+)?W)?(?:\d+(?:\.\d+)?D)?(?:T(?=\d)(?:\d+(?:\.\d+)?H)?(?:\d+(?:\.\d+)?M)?(?:\d+(?:\.\d+)?S)?)?)$/;

const MATCHABLE = `${MATCH_FIELDS.join(', ')} or labels.<name>`;

const aDuration = must('a duration', 'write it as 90s, 15m, 2h, 1d12h, PT15M or never');
const aGlob = must('a glob or a list of globs', 'write text such as "nightly-*", numbers in quotes');
const matchable = { error: () => `cannot be matched; match ${MATCHABLE}` };

/** A length of time. */
export const durationSchema = z.string(aDuration).regex(DURATION, aDuration);

/** The ages after which a run is late and likely stuck. */
export const thresholdsSchema = section({ late: durationSchema.optional(), stale: durationSchema.optional() });

const fields = {
  queue: thresholdsSchema.optional(),
  run: thresholdsSchema.optional(),
  silence: section({
    ...thresholdsSchema.shape,
    vouches: z
      .boolean(must('true or false', 'write true or false'))
      .optional()
      .meta({ description: 'Whether a fresh heartbeat keeps a long run from counting as likely stuck.' }),
  }).optional(),
  hold: thresholdsSchema.optional(),
  deadline: section({ grace: durationSchema.optional() }).optional(),
  flag: z
    .enum(['late', 'stale', 'ignore'] satisfies FlagEffect[], must('late, stale or ignore', 'write one of them'))
    .optional()
    .meta({ description: 'What a flag of the source does to an active run.' }),
  clock_tolerance: durationSchema
    .optional()
    .meta({ description: 'How far in the future a start may lie; never is not allowed.' }),
};

const match = z
  .record(
    z.string(matchable).regex(new RegExp(`^(?:${MATCH_FIELDS.join('|')}|labels\\.[^]+)$`), matchable),
    z.union([z.string(aGlob), z.array(z.string(aGlob)).min(1, aGlob)], aGlob),
    must('a match', `say which runs the rule is for by ${MATCHABLE}`),
  )
  .meta({ description: `Which runs the rule is for: globs of ${MATCHABLE}; all must match, a list means any of.` });

/**
 * A policy as written in YAML or JSON. Strict: a key that does not exist is an error, since a typo would otherwise silently leave a
 * threshold at its default.
 */
export const policySchema = section({
  version: z.literal(1, must('a known version', 'write 1')),
  defaults: section(fields).optional(),
  rules: z
    .array(section({ match, ...fields }), must('a list of rules', 'begin each rule with a dash'))
    .optional()
    .meta({ description: 'All that match apply in order; a later one overrides the fields that it names.' }),
  digest: z.string().optional().meta({ description: 'Set by a server that publishes its policy; otherwise ignored.' }),
}).meta({ description: 'When a run counts as late or likely stuck. Durations are 90s, 15m, 1d12h, PT15M or never.' });

/**
 * Makes a policy from a value read from YAML or JSON.
 *
 * @throws {PolicyError} that lists each issue with its path, such as `rules[0].queue.late`, and how to fix it.
 */
export function loadPolicy(value: unknown): Policy {
  const parsed = policySchema.safeParse(value);
  if (!parsed.success) throw new PolicyError(parsed.error.issues.flatMap(policyIssues));
  return createPolicy(parsed.data);
}

/** An object with these keys and no other. */
function section<T extends z.ZodRawShape>(shape: T) {
  const keys = Object.keys(shape).join(', ');
  const { error } = must('an object', `give it keys of ${keys}`);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? `unknown key; known keys: ${keys}` : error(issue)),
  });
}

/** Says that something is missing, empty or not what it must be, and how to fix it. */
function must(be: string, mend: string) {
  return {
    error: ({ input }: { readonly input?: unknown }) => {
      if (input === undefined) return `is missing; ${mend}`;
      return input === null ? `is empty; ${mend}, or leave it out` : `${shown(input)} is not ${be}; ${mend}`;
    },
  };
}

function policyIssues(issue: z.core.$ZodIssue): PolicyIssue[] {
  const { path, message } = issue;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: pathText([...path, key]), message }));
  }
  const inKey = issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined;
  return [{ path: pathText(path), message: inKey ?? message }];
}

/** `rules[0].queue.late`; the document itself is `policy`. */
function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text === '' ? 'policy' : text.replace(/^\./, '');
}

const SHOWN_LENGTH = 60;

function shown(input: unknown): string {
  const text = JSON.stringify(input) ?? String(input);
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}
