// The systems whose adapters are measured: every folder of a source that has bench answers.
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const sources = new URL('../packages/core/src/sources/', import.meta.url);
const answersOf = (kind) => new URL(`${kind}/bench-answers.mjs`, sources);

/** The kinds with bench answers. */
export const SYSTEMS = readdirSync(sources).filter((kind) => existsSync(fileURLToPath(answersOf(kind))));

/**
 * What a system returns: its source as a `uri`, what its `config` says besides the URL, and `answers(total)`, which gives a function
 * from a request to the text of the response (and headers where the system pages by them).
 */
export function system(kind) {
  return import(answersOf(kind).href);
}
