import { UsageError } from '../errors.js';

/**
 * Reads YAML or JSON text. `where` names the file in messages.
 *
 * @throws {UsageError} with line and column.
 */
export async function parseYaml(text: string, where: string): Promise<unknown> {
  const { parseDocument } = await import('./yaml-parser.js');
  const document = parseDocument(text, { prettyErrors: true });
  const [problem] = document.errors;
  if (problem !== undefined) {
    const at = problem.linePos?.[0];
    const place = at === undefined ? where : `${where}:${at.line}:${at.col}`;
    throw new UsageError(`${place}: ${problem.message.split('\n')[0] ?? 'not YAML'}`);
  }
  // Aliases that multiply are refused by the library's default limit.
  return document.toJS() as unknown;
}
