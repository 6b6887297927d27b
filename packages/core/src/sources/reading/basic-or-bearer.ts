/** The header for a secret that is either `user:password` or a token. No token of the systems that accept both contains a colon. */
export function basicOrBearer(secret: string): Readonly<Record<string, string>> {
  if (!secret.includes(':')) return { authorization: `Bearer ${secret}` };
  // btoa accepts bytes only, and a password may contain more than Latin letters.
  const bytes = String.fromCharCode(...new TextEncoder().encode(secret));
  return { authorization: `Basic ${btoa(bytes)}` };
}
