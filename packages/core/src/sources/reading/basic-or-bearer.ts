/** The header for a secret that is either `user:password` or a token: tokens of the systems that take both hold no colon. */
export function basicOrBearer(secret: string): Readonly<Record<string, string>> {
  if (!secret.includes(':')) return { authorization: `Bearer ${secret}` };
  // btoa takes bytes only, and a password may hold more than Latin letters.
  const bytes = String.fromCharCode(...new TextEncoder().encode(secret));
  return { authorization: `Basic ${btoa(bytes)}` };
}
