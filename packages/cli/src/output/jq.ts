import { UsageError } from '../errors.js';
import { sanitizeInline, escapeJson, sanitizeLines } from './sanitize.js';

/**
 * Filters a value like `jq --raw-output --compact-output`: one result per line, strings without quotes.
 *
 * Strings are sanitized before the query, so that every line break in the output comes from the expression, and the output is
 * sanitized again, because an expression can decode (`@base64d`).
 *
 * @throws {UsageError} for an expression that is invalid or fails, with jq's own message.
 */
export async function jqText(value: unknown, expression: string): Promise<string> {
  const stdout = await runJq(JSON.stringify(sanitizeValue(value)), expression);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `${resultText(line)}\n`)
    .join('');
}

/**
 * Compiles an expression without running it.
 *
 * @throws {UsageError} for one that is invalid, with jq's own message.
 */
export async function checkJq(expression: string): Promise<void> {
  // Not a definition that nobody calls: jq drops those before it looks up the names in them.
  await runJq('true', `if . then empty else (${expression}\n) end`);
}

async function runJq(input: string, expression: string): Promise<string> {
  // jq-wasm: jq 1.8.2 itself as WebAssembly (MIT), the same language as in gh, offline and within the bundle; jqjs, jqts and @jq-tools/jq cover parts of it and are unmaintained.
  const { raw } = await import('jq-wasm/inline');
  // Without the space, jq would take an expression such as `-1` for a flag.
  const query = expression.startsWith('-') ? ` ${expression}` : expression;
  const { stdout, stderr, exitCode } = await raw(input, query, ['--compact-output']);
  if (exitCode !== 0) throw new UsageError(`--jq: ${jqMessage(stderr)}`);
  return stdout;
}

function sanitizeValue(value: unknown): unknown {
  if (typeof value === 'string') return sanitizeInline(value);
  if (Array.isArray(value)) return value.map(sanitizeValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [sanitizeInline(key), sanitizeValue(part)]));
}

/** Compact JSON contains no line break, so each line is one result. */
function resultText(line: string): string {
  if (!line.startsWith('"')) return escapeJson(line);
  const text: unknown = JSON.parse(line);
  return sanitizeLines(String(text));
}

function jqMessage(stderr: string): string {
  const message = sanitizeLines(stderr).replaceAll(/^jq: /gm, '').trim();
  return message === '' ? 'the expression failed.' : message;
}
