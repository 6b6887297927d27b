import type { Document } from 'yaml';
import { UsageError } from '../errors.js';

/** In characters. The library takes 4 s for a megabyte of keys. */
const LONGEST = 1024 * 1024;

/** Keys marked with `?` inside one another, for which the library takes exponential time. Nobody writes them by hand. */
const NESTED_KEYS = /(?:\?\s+){8}/;

/**
 * Parses YAML or JSON text. `where` names the file in messages, which never contain any of its content.
 *
 * @throws {UsageError} with line and column.
 */
export async function parseYaml(text: string, where: string): Promise<unknown> {
  const { parseDocument, visit, isScalar, LineCounter } = await import('./yaml-parser.js');
  if (text.length > LONGEST) throw new UsageError(`${where} is larger than ${LONGEST / 1024 / 1024} MiB.`);
  if (NESTED_KEYS.test(text)) throw new UsageError(`${where} has keys within keys within keys.`);
  const lines = new LineCounter();
  // The library's own search for duplicate keys is quadratic.
  const document: Document = parseDocument(text, { lineCounter: lines, uniqueKeys: false });
  const invalid = (code: string, offset: number): UsageError => {
    const { line, col } = lines.linePos(offset);
    return new UsageError(`${where}:${line}:${col}: not valid YAML (${code.toLowerCase().replaceAll('_', ' ')}).`);
  };
  const [problem] = document.errors;
  if (problem !== undefined) throw invalid(problem.code, problem.pos[0]);
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) throw invalid('DUPLICATE_KEY', key.range?.[0] ?? 0);
        seen.add(key.value);
      }
    },
  });
  try {
    // The library's limit stops aliases that multiply.
    return document.toJS() as unknown;
  } catch {
    throw new UsageError(`${where}: an alias has no anchor, or aliases multiply beyond the limit.`);
  }
}
