import type { Wire } from './wire.js';

/** A message whose texts have gone through `scrub`; where it goes and how it signs in stay as they are. */
export function scrubMessage(wire: Wire, scrub: (text: string) => string): Wire {
  switch (wire.via) {
    case 'http':
      return { ...wire, body: mapTexts(wire.body, scrub) };
    case 'mail':
      return { ...wire, subject: scrub(wire.subject), text: scrub(wire.text) };
    case 'command':
      return { ...wire, stdin: mapTexts(wire.stdin, scrub) };
  }
}

function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapTexts(item, map)]));
}
