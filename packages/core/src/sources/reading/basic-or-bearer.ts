/** The header for a secret that is either `user:password` or a token. No token of the systems that accept both contains a colon. */
export function basicOrBearer(secret: string): Readonly<Record<string, string>> {
  return secret.includes(':') ? basic(secret) : { authorization: `Bearer ${secret}` };
}

/** The header for `user:password`. */
export function basic(userAndPassword: string): Readonly<Record<string, string>> {
  // btoa accepts bytes only, and a password may contain more than Latin letters.
  const bytes = String.fromCharCode(...new TextEncoder().encode(userAndPassword));
  return { authorization: `Basic ${btoa(bytes)}` };
}
