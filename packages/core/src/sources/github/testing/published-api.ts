import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';
import { isObject, type JsonObject } from '../../reading/body.js';

type Description = {
  readonly paths: Record<string, { readonly get: { readonly responses: Record<string, Response> } }>;
  readonly components: {
    readonly schemas: Record<string, JsonObject>;
    readonly parameters: Record<string, { readonly schema: { readonly enum?: readonly string[] } }>;
    readonly examples: Record<string, { readonly value: JsonObject }>;
  };
};
type Response = {
  readonly content: { readonly 'application/json': { readonly schema: JsonObject; readonly examples?: Examples } };
};
type Examples = Readonly<Record<string, { readonly value?: JsonObject; readonly $ref?: string }>>;

const path = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json');

/** GitHub's own published description of its REST API. */
export const description = JSON.parse(readFileSync(path, 'utf8')) as Description;

const ajv = new Ajv({ strict: false, validateFormats: false });
ajv.addSchema(withNull({ $id: 'github', components: { schemas: description.components.schemas } }));

/** Where the description calls a list of words nullable it leaves null out of the list, which to a validator rules it out. */
function withNull(schema: unknown): JsonObject {
  return JSON.parse(JSON.stringify(schema), (_, value: unknown) => {
    const words = isObject(value) && value['nullable'] === true ? value['enum'] : undefined;
    return isObject(value) && Array.isArray(words)
      ? { ...value, enum: [...new Set<unknown>([...words, null])] }
      : value;
  }) as JsonObject;
}

/** The schema of the 200 response to a GET of the path, from the description. */
export function answerOf(template: string): ValidateFunction {
  const schema = description.paths[template]?.get.responses['200']?.content['application/json'].schema;
  if (schema === undefined) throw new Error(`The description has no GET ${template}.`);
  return ajv.compile(withNull(JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"github#/components'))));
}

/** An example of the description, as GitHub publishes it. */
export function example(name: string): JsonObject {
  const found = description.components.examples[name];
  if (found === undefined) throw new Error(`The description has no example ${name}.`);
  return found.value;
}

/** The first published example of the 200 response to a GET of the path. */
export function exampleOf(template: string): JsonObject {
  const content = description.paths[template]?.get.responses['200']?.content['application/json'];
  const [first] = Object.values(content?.examples ?? {});
  const found = first?.value ?? (first?.$ref === undefined ? undefined : example(first.$ref.split('/').at(-1) ?? ''));
  if (found === undefined) throw new Error(`The description has no example of GET ${template}.`);
  return found;
}
