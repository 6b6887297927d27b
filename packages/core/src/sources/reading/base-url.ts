import { SourceConfigError } from '../source.js';

/**
 * Checks the URL that an API's paths start from.
 *
 * @param example how to write it, for the message.
 * @throws {SourceConfigError} that never repeats the URL, which may hold a secret.
 */
export function baseUrl(text: string, example: string): string {
  const problem = baseUrlProblem(text);
  if (problem !== undefined) throw new SourceConfigError(`${problem} Write it as ${example}`);
  return text;
}

/** What is wrong with the base URL of an API; `undefined` if nothing is. */
export function baseUrlProblem(text: string): string | undefined {
  return urlProblem(text) ?? (text.includes('?') ? 'The base URL of an API cannot have a query (?…).' : undefined);
}

/** What is wrong with a URL; `undefined` if nothing is. */
export function urlProblem(text: string): string | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return 'Not a valid URL.';
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'Only http and https URLs are supported.';
  if (url.username !== '' || url.password !== '') {
    return 'Credentials in a URL are refused because URLs end up in logs. Give the token by reference in the config.';
  }
  return url.hash === '' ? undefined : 'The URL ends in a fragment (#…), which is never sent.';
}
