import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { JsonSchema } from './json-schema.js';

/**
 * Compiles a JSON Schema with a validator that knows nothing of zod; gives what is wrong with a value, or `null`.
 *
 * @param components what the schema refers to, where it is part of an OpenAPI document.
 */
export function validator(schema: JsonSchema, components?: object): (value: unknown) => ErrorObject[] | null {
  // Strict, so that a keyword that means nothing is an error.
  const ajv = new Ajv2020({ strict: true, allErrors: true, keywords: ['components'] });
  formats.default(ajv);
  const validate = ajv.compile({ ...schema, components });
  return (value) => (validate(value) ? null : (validate.errors ?? null));
}
