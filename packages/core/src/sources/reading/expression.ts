import { compile, TreeInterpreter } from '@jmespath-community/jmespath';
import { SourceConfigError } from '../source.js';

/** A JMESPath expression, compiled once. */
export type Expression = {
  readonly text: string;
  /** Throws an `ExpressionError` if the expression does not fit the value. */
  readonly of: (value: unknown) => unknown;
};

/** An expression does not fit a value of the source. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

type Tree = ReturnType<typeof compile>;
type Json = Parameters<typeof TreeInterpreter.search>[1];

/**
 * Compiles a JMESPath expression of the community edition (`let`, arithmetic and string functions included).
 *
 * @param where its place in the config, for the message.
 * @throws {SourceConfigError} if it is not valid JMESPath.
 */
export function compileExpression(text: string, where: string): Expression {
  const tree = parse(text, where);
  return {
    text,
    of: (value) => {
      try {
        const found: unknown = TreeInterpreter.search(tree, value as Json);
        return found ?? undefined;
      } catch (error) {
        throw new ExpressionError(`\`${text}\` does not fit the response (${messageOf(error)})`, { cause: error });
      }
    },
  };
}

function parse(text: string, where: string): Tree {
  try {
    return compile(text);
  } catch (error) {
    throw new SourceConfigError(`${where}: \`${text}\` is not valid JMESPath (${messageOf(error)}).`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
