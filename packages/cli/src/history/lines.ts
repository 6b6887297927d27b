/** The lines of a text as it arrives, in batches, without their ends. */
export async function* linesOf(parts: AsyncIterable<string>): AsyncGenerator<readonly string[], void> {
  let rest = '';
  for await (const part of parts) {
    const lines = (rest + part).split(/\r?\n/);
    rest = lines.pop() ?? '';
    if (lines.length > 0) yield lines;
  }
  if (rest !== '') yield [rest];
}
