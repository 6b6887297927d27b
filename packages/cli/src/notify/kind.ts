import * as z from 'zod';
import { isSecretReference } from '../config/secret.js';
import type { Step, Style } from './plan.js';
import type { Wire } from './wire.js';

/** What a kind of target makes its messages with, besides its config. */
export type TargetContext = {
  readonly name: string;
  /** The folder of the config file. */
  readonly folder: string;
};

/** One kind of target: where alerts can be sent. */
export type TargetDescriptor<Config> = {
  /** The name in configs. */
  readonly kind: string;
  readonly title: string;
  /** What it sends, in a few words for the documentation. */
  readonly sends: string;
  /** What is promised about messages that arrive twice, after a crash between the delivery and the record of it. */
  readonly twice: string;
  readonly style: Style;
  /** Strict. A field that holds a secret is made by `secretField`, one that may hold one by `maybeSecretField`. */
  readonly schema: z.ZodType<Config> & { readonly shape: Readonly<Record<string, z.ZodType>> };
  /** What leaves this machine. Its texts come from sources: each kind escapes them for its own markup. */
  readonly wire: (config: Config, step: Step, context: TargetContext) => Wire;
};

/** A target ready to be sent to. */
export type OpenTarget = {
  readonly style: Style;
  readonly wire: (step: Step) => Wire;
};

/** A kind of target that can be configured: a descriptor whose config type is checked inside. */
export type TargetKind = Omit<TargetDescriptor<never>, 'schema' | 'wire'> & {
  readonly fields: Readonly<Record<string, z.ZodType>>;
  /**
   * Checks a config, resolves the references in it with `secret`, and makes the target.
   *
   * @throws {TargetConfigError} naming each field that is wrong.
   */
  readonly open: (
    config: unknown,
    context: TargetContext,
    secret: (field: string, reference: string) => Promise<string>,
  ) => Promise<OpenTarget>;
};

/** What is wrong with the config of a target, one line for each field; never a value. */
export class TargetConfigError extends Error {
  override readonly name = 'TargetConfigError';
}

/** Makes a kind of target from its descriptor. */
export function defineTarget<Config extends object>(descriptor: TargetDescriptor<Config>): TargetKind {
  const { schema, wire, ...rest } = descriptor;
  return {
    ...rest,
    fields: schema.shape,
    open: async (config, context, secret) => {
      const checked = schema.safeParse(config);
      if (!checked.success) {
        const lines = checked.error.issues.map(
          ({ path, message }) => `  ${path.map(String).join('.') || 'the target'}: ${message}`,
        );
        throw new TargetConfigError(lines.join('\n'));
      }
      const resolved = await resolveSecrets(checked.data, schema.shape, secret);
      return { style: rest.style, wire: (step) => wire(resolved, step, context) };
    },
  };
}

async function resolveSecrets<Config extends object>(
  config: Config,
  fields: Readonly<Record<string, z.ZodType>>,
  secret: (field: string, reference: string) => Promise<string>,
): Promise<Config> {
  const resolved: Record<string, unknown> = Object.fromEntries(Object.entries(config));
  for (const [name, field] of Object.entries(fields)) {
    const kept = secretOf(field);
    const value = resolved[name];
    if (kept === undefined || value === undefined) continue;
    if (typeof value === 'string') {
      resolved[name] = kept === 'maybe' && !isSecretReference(value) ? value : await secret(name, value);
    } else {
      const headers = Object.entries(value as Readonly<Record<string, string>>);
      const values = await Promise.all(headers.map(([header, text]) => secret(`${name}.${header}`, text)));
      resolved[name] = Object.fromEntries(headers.map(([header], index) => [header, values[index]]));
    }
  }
  // The same fields: only the texts of references were replaced.
  return resolved as Config;
}

/** Whether a field holds a secret, always or maybe; `undefined` for others. */
export function secretOf(field: z.ZodType): 'always' | 'maybe' | undefined {
  const kept = field.meta()?.['secret'];
  return kept === 'always' || kept === 'maybe' ? kept : undefined;
}

/** A field of a config whose value is a reference to a secret. */
export function secretField(description: string) {
  return z
    .string()
    .refine(isSecretReference, 'is a literal value: give secrets by reference, ${env:NAME} or ${file:PATH}')
    .meta({ description, secret: 'always' });
}

/** A field of a config whose value may be a reference to a secret. */
export function maybeSecretField(description: string) {
  return z.string().min(1).meta({ description, secret: 'maybe' });
}
