import type { Tone } from '@tardy/core';
import type { Terminal } from './terminal.js';

/** How text can be highlighted. */
export type Style = Tone | 'bold' | 'dim';

/**
 * SGR codes on and off. Not `styleText` of newer Node versions: it looks at the process's own stdout, and text may go to another
 * stream.
 */
const CODES: Readonly<Record<Style, readonly [on: string, off: string] | undefined>> = {
  calm: undefined,
  success: ['\x1b[32m', '\x1b[39m'],
  warning: ['\x1b[33m', '\x1b[39m'],
  danger: ['\x1b[1;31m', '\x1b[22;39m'],
  neutral: ['\x1b[36m', '\x1b[39m'],
  bold: ['\x1b[1m', '\x1b[22m'],
  dim: ['\x1b[2m', '\x1b[22m'],
};

/** The text in a style, if the terminal has colors. The text must be sanitized already. */
export function paint(text: string, style: Style, terminal: Pick<Terminal, 'color'>): string {
  const codes = CODES[style];
  return codes === undefined || !terminal.color || text === '' ? text : `${codes[0]}${text}${codes[1]}`;
}
