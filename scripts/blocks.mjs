// Generated passages within pages that people write.

/** Replaces the text between `<!-- generated: name -->` and `<!-- end -->`. */
export function replaceBlock(text, name, content) {
  const start = `<!-- generated: ${name} -->`;
  const from = text.indexOf(start);
  const to = text.indexOf('<!-- end -->', from);
  if (from < 0 || to < 0) throw new Error(`There is no block "${start} … <!-- end -->".`);
  return `${text.slice(0, from + start.length)}\n\n${content}\n\n${text.slice(to)}`;
}
