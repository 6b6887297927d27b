import type * as z from 'zod';

/** What is wrong with a config, and where. */
export type ConfigIssue = { readonly path: string; readonly message: string };

/** The type names of zod, in words. */
const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a list of keys with values',
  record: 'a list of keys with values',
};

/**
 * Issues of a zod schema in the words of the policy file. They name the place and what belongs there, never the value that stands there:
 * it may be a secret in the wrong field. `root` names the place of what is wrong with all of it.
 */
export function configIssues(issues: readonly z.core.$ZodIssue[], root = 'the file'): readonly ConfigIssue[] {
  return issues.flatMap((issue) => {
    const path = pathText(issue.path) || root;
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: pathText([...issue.path, key]), message: 'unknown field' }));
    }
    // What fits none of several forms: the one that got furthest says what to fix.
    const inner = issue.code === 'invalid_union' ? furthest(issue.errors) : undefined;
    if (inner !== undefined) {
      return configIssues(
        inner.map((one) => ({ ...one, path: [...issue.path, ...one.path] })),
        root,
      );
    }
    return [{ path, message: messageOf(issue) }];
  });
}

function furthest(forms: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  const depth = (form: readonly z.core.$ZodIssue[]) => Math.max(0, ...form.map(({ path }) => path.length));
  const [best] = [...forms].filter((form) => depth(form) > 0).sort((a, b) => depth(b) - depth(a));
  return best;
}

function messageOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type': {
      const kind = KINDS[issue.expected] ?? issue.expected;
      return issue.input === undefined && !('input' in issue && issue.input === null) && /undefined/.test(issue.message)
        ? `it is missing; write ${kind}`
        : `it must be ${kind}`;
    }
    case 'invalid_value':
      return `it must be ${issue.values.map(String).join(' or ')}`;
    case 'invalid_union':
      return 'it has none of the forms that it may have';
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array' ? 'it is empty or too short' : issue.message;
    default:
      return issue.message;
  }
}

/** `sources.ci.labels[0]`; the file itself where nothing more is known. */
function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text.replace(/^\./, '');
}
