import { SourceConfigError } from './source.js';

/**
 * Reads the address that the calls of an API lie below.
 *
 * @param example how it is written, for the message.
 * @throws {SourceConfigError} which never repeats what the address holds, since that may be a secret.
 */
export function baseAddress(text: string, example: string): string {
  const problem = baseAddressProblem(text);
  if (problem !== undefined) throw new SourceConfigError(`${problem} Write it as ${example}`);
  return text;
}

/** What is wrong with the address of an API; `undefined` when nothing is. */
export function baseAddressProblem(text: string): string | undefined {
  return webAddressProblem(text) ?? (text.includes('?') ? 'The address of an API has no query (?…).' : undefined);
}

/** What is wrong with an address; `undefined` when nothing is. */
export function webAddressProblem(text: string): string | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return 'This is no web address.';
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'Only http and https addresses can be read.';
  if (url.username !== '' || url.password !== '') {
    return 'Credentials in an address are refused, since addresses end up in logs: give the token by reference in the config.';
  }
  return url.hash === '' ? undefined : 'The address ends in a fragment (#…), which is never sent.';
}
