import { readFileSync } from 'node:fs';
import type { JsonObject } from '../reading/body.js';

/** A recorded response that is an object. */
export function fixture(path: string): JsonObject {
  return recorded(path) as JsonObject;
}

/** A recorded response. */
export function recorded(path: string): unknown {
  return JSON.parse(readFileSync(new URL(`../${path.replace('/', '/fixtures/')}`, import.meta.url), 'utf8'));
}
