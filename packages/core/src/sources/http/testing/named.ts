import { Ajv } from 'ajv';
import { expect } from 'vitest';
import type { JsonObject } from '../../reading/body.js';
import { sourceKind } from '../../registry.js';
import type { Source } from '../../source.js';
import { fixture } from '../../testing/fixtures.js';
import { httpConfigSchema } from '../config.js';
import type { NamedMapping } from '../named.js';

/** A source of a kind that a mapping describes. The mapping is checked like the config of a user. */
export async function namedSource(kind: string, mapping: NamedMapping, url: string): Promise<Source> {
  const filled: unknown = JSON.parse(JSON.stringify(mapping).replaceAll('{url}', url));
  expect(httpConfigSchema.safeParse(filled).error?.issues ?? []).toEqual([]);
  return (await sourceKind(kind).openUri(kind, url)).source;
}

/** Gives back a row that fits the published description of the system, of which `schema.json` holds an excerpt. */
export function conforming(kind: string): (row: JsonObject) => JsonObject {
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(fixture(`${kind}/schema.json`));
  return (row) => {
    if (!validate(row)) throw new Error(`${kind}: ${JSON.stringify(validate.errors)}`);
    return row;
  };
}
