import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { EventPlace } from '@tardy/core/server';

/** Turns snapshots of the database into the ids of events, and back. */
export type PlaceSeal = {
  readonly seal: (snapshot: string) => EventPlace;
  /** `undefined` for a place that this host did not seal. */
  readonly open: (place: EventPlace) => string | undefined;
};

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** A snapshot grows with the number of open transactions; padded, its length says nothing of them. */
const PADDED_TO = 256;

/**
 * Seals with a secret, since the transaction numbers in a snapshot would show how much happens in other tenants, and a forged
 * snapshot could cost the database much. Equal snapshots give different places.
 */
export function placeSeal(secret: string): PlaceSeal {
  const key = createHash('sha256').update(secret).digest();
  return {
    seal(snapshot) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce);
      const length = Math.ceil(snapshot.length / PADDED_TO) * PADDED_TO;
      const sealed = Buffer.concat([cipher.update(snapshot.padEnd(length)), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open(place) {
      const bytes = Buffer.from(place, 'base64url');
      const [nonce, tag] = [bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)];
      try {
        const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAuthTag(tag);
        const sealed = bytes.subarray(NONCE_BYTES + TAG_BYTES);
        return Buffer.concat([decipher.update(sealed), decipher.final()])
          .toString()
          .trimEnd();
      } catch {
        return undefined;
      }
    },
  };
}
