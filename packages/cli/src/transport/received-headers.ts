/** Reads one header of an answer; the name is given in lower case or not. */
export type HeaderReader = { readonly get: (name: string) => string | null };

/** Headers as undici gives them: names in lower case, a repeated header as a list. */
export type ReceivedHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Repeated headers come back as one, joined by commas. */
export function headerReader(received: ReceivedHeaders): HeaderReader {
  return {
    get: (name) => {
      const key = name.toLowerCase();
      const value = Object.hasOwn(received, key) ? received[key] : undefined;
      return value === undefined ? null : typeof value === 'string' ? value : value.join(', ');
    },
  };
}
