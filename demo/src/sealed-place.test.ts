import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeSeal } from './sealed-place.js';

const { seal, open } = placeSeal('a secret of the host');
const snapshots = fc
  .tuple(fc.nat(), fc.nat(), fc.array(fc.nat(), { maxLength: 12 }))
  .map(([xmin, more, open]) => `${xmin}:${xmin + more}:${open.join(',')}`);

describe('a sealed place', () => {
  it('opens as the snapshot that it was made of', () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        expect(open(seal(snapshot))).toBe(snapshot);
      }),
    );
  });

  it('reveals neither the snapshot nor whether two are the same', () => {
    fc.assert(
      fc.property(snapshots, snapshots, (one, other) => {
        expect(seal(one)).not.toBe(seal(one));
        expect(seal(one)).toHaveLength(seal(other).length);
        expect(seal(one)).toMatch(/^[\w-]+$/);
      }),
    );
  });

  it('does not open once any byte of it was changed or cut off', () => {
    const bytes = Buffer.from(seal('731:735:732'), 'base64url');
    expect(bytes.length).toBeGreaterThan(28);
    for (let index = 0; index < bytes.length; index++) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(open(changed.toString('base64url'))).toBeUndefined();
      expect(open(bytes.subarray(0, index).toString('base64url'))).toBeUndefined();
    }
  });

  it('does not open with another secret', () => {
    expect(placeSeal('another secret').open(seal('731:735:732'))).toBeUndefined();
  });
});
