import { SourceError, SOURCE_KINDS } from '@tardy/core/sources';
import type { OpenedSource } from './opened-source.js';

/**
 * An error as a report gives it, with what its kind of source says about access. Anything but a `SourceError` is a bug of ours, and must
 * not end the check of other sources.
 */
export function describeError(
  error: unknown,
  opened?: OpenedSource,
): { readonly code: string; readonly message: string } {
  if (error instanceof SourceError) {
    const hint = opened === undefined ? undefined : accessHint(error.code, opened);
    return { code: error.code, message: hint === undefined ? error.message : `${error.message} ${hint}` };
  }
  // A name of the source that goes into a URL.
  if (error instanceof URIError) {
    return { code: 'shape', message: 'It sent half of a surrogate pair, which no URL can hold.' };
  }
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: 'internal', message: `Tardy failed on what this source sent. Please report it: ${what}` };
}

/** Where the credential comes from or should, and what it must be allowed to do. A 404 may be a 403 that keeps a secret. */
function accessHint(code: SourceError['code'], { source, credentialFrom }: OpenedSource): string | undefined {
  if (code !== 'auth' && code !== 'forbidden' && code !== 'not_found') return undefined;
  const kind = Object.hasOwn(SOURCE_KINDS, source.kind) ? SOURCE_KINDS[source.kind] : undefined;
  const variables = kind?.tokenVariables.join(' or ') ?? '';
  const where =
    credentialFrom !== undefined
      ? `The credential is from ${credentialFrom}.`
      : variables === ''
        ? 'It has no credential.'
        : `It has no credential: set ${variables}.`;
  return [where, ...(kind?.rights === undefined ? [] : [`It needs: ${kind.rights}.`])].join(' ');
}
