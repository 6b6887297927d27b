/** Reads one header of a response by its name in any case. */
export type HeaderReader = { readonly get: (name: string) => string | null };

/** Headers as undici gives them: names in lower case, repeated headers as a list. */
export type ReceivedHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Joins repeated headers with commas. */
export function headerReader(received: ReceivedHeaders): HeaderReader {
  return {
    get: (name) => {
      const key = name.toLowerCase();
      const value = Object.hasOwn(received, key) ? received[key] : undefined;
      return value === undefined ? null : typeof value === 'string' ? value : value.join(', ');
    },
  };
}
