/** Markup that is safe to send. */
export type Html = { readonly markup: string };

type Part = string | number | undefined | Html | readonly Html[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Writes markup; every interpolated text is escaped. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { markup: strings.map((text, index) => text + markupOf(parts[index])).join('') };
}

function markupOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part !== 'object') return String(part).replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('');
}
