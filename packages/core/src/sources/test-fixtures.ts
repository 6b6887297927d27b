import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { JsonObject } from './body.js';
import { httpConfigSchema, type HttpConfig } from './http-config.js';

/** A recorded answer that is an object. */
export function fixture(path: string): JsonObject {
  return recorded(path) as JsonObject;
}

/** A recorded answer. */
export function recorded(path: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), 'utf8'));
}

/** The mapping that lies beside the recorded answers of a system, as valid as the config of a user has to be. */
export function mapping(system: string): HttpConfig {
  const parsed = httpConfigSchema.safeParse(fixture(`${system}/mapping.json`));
  expect(parsed.error?.issues ?? []).toEqual([]);
  return httpConfigSchema.parse(fixture(`${system}/mapping.json`));
}
