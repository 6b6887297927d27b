import { expect } from 'vitest';
import { fixture } from '../../testing/fixtures.js';
import { httpConfigSchema, type HttpConfig } from '../config.js';

/** The mapping that lies beside the recorded answers of a system, as valid as the config of a user has to be. */
export function mapping(system: string): HttpConfig {
  const parsed = httpConfigSchema.safeParse(fixture(`${system}/mapping.json`));
  expect(parsed.error?.issues ?? []).toEqual([]);
  return httpConfigSchema.parse(fixture(`${system}/mapping.json`));
}
