import { expect } from 'vitest';
import { fixture } from '../../testing/fixtures.js';
import { httpConfigSchema, type HttpConfig } from '../config.js';

/** The mapping next to the recorded responses of a system, validated like a user's config. */
export function mapping(system: string): HttpConfig {
  const parsed = httpConfigSchema.safeParse(fixture(`${system}/mapping.json`));
  expect(parsed.error?.issues ?? []).toEqual([]);
  return httpConfigSchema.parse(fixture(`${system}/mapping.json`));
}
