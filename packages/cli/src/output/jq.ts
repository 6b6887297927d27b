import { UsageError } from '../errors.js';
import { harmlessInline, harmlessJson, harmlessLines } from './harmless.js';

/**
 * Queries a value as `jq --raw-output --compact-output` does: each result on a line, texts without quotes.
 *
 * Texts of the value are made harmless before the query, so that a line break in the output is one the expression asked for,
 * and the output once more, since an expression can decode (`@base64d`).
 *
 * @throws {UsageError} for an expression that cannot be read or fails, in jq's own words.
 */
export async function jqText(value: unknown, expression: string): Promise<string> {
  // jq-wasm: jq 1.8.2 itself as WebAssembly (MIT), so gh's language whole, offline and within the bundle; jqjs, jqts and @jq-tools/jq know parts of it and are no longer kept up.
  const { raw } = await import('jq-wasm/inline');
  const input = JSON.stringify(harmlessValue(value));
  // An expression such as `-1` would be taken for a flag.
  const query = expression.startsWith('-') ? ` ${expression}` : expression;
  const { stdout, stderr, exitCode } = await raw(input, query, ['--compact-output']);
  if (exitCode !== 0) throw new UsageError(`--jq: ${jqMessage(stderr)}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `${resultText(line)}\n`)
    .join('');
}

function harmlessValue(value: unknown): unknown {
  if (typeof value === 'string') return harmlessInline(value);
  if (Array.isArray(value)) return value.map(harmlessValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [harmlessInline(key), harmlessValue(part)]));
}

/** Compact JSON never holds a line break, so each line is one result. */
function resultText(line: string): string {
  if (!line.startsWith('"')) return harmlessJson(line);
  const text: unknown = JSON.parse(line);
  return harmlessLines(String(text));
}

function jqMessage(stderr: string): string {
  const message = harmlessLines(stderr).replaceAll(/^jq: /gm, '').trim();
  return message === '' ? 'the expression failed.' : message;
}
