import type { Run } from '@tardy/core';

/** Marks that turn the text after them around: a title could pretend to be another one. */
const TURNING = /[\u202A-\u202E\u2066-\u2069]/g;

/** The title of a run, as it may stand among other text; its type where the title has nothing to see. */
export function titleOf({ title, type }: Run): string {
  return /[^\s\p{C}]/u.test(title) ? title.replace(TURNING, '') : type;
}

/** A URL without a user and a password: they are nobody's business, and can make a link look like another one. */
export function withoutCredentials(url: string): string {
  return url.replace(/^(\w+:\/\/)[^/?#]*@/, '$1');
}
