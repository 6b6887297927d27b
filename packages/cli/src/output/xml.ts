/** What XML 1.0 cannot hold, not even as a reference: most controls, halves of surrogate pairs, the last two of the plane. */
// oxlint-disable-next-line no-control-regex
const NOT_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Cs}/gu;

/** Makes text safe for the content of an element and for an attribute in double quotes. */
export function escapeXml(text: string): string {
  return text
    .replace(NOT_XML, '\u{fffd}')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
