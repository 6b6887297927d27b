import { describe, expect, it } from 'vitest';
import { quotaRefusal } from './quota.js';

const refused = (amounts: string) => `pods "a" is forbidden: exceeded quota: compute, ${amounts}`;

describe('a message about a quota', () => {
  it.each([
    ['room that others take', 'requested: limits.cpu=700m, used: limits.cpu=1400m, limited: limits.cpu=2', true],
    ['exactly the quota', 'requested: pods=1, used: pods=1, limited: pods=1', true],
    ['more than the quota', 'requested: limits.cpu=2001m, used: limits.cpu=0, limited: limits.cpu=2', false],
    ['a quota of nothing', 'requested: pods=1, used: pods=0, limited: pods=0', false],
    [
      'one resource too much',
      'requested: pods=1,requests.memory=3Gi, used: pods=0, limited: pods=9,requests.memory=2048Mi',
      false,
    ],
    ['a unit of tomorrow', 'requested: pods=1Qi, used: pods=0, limited: pods=1', true],
  ])('says whether %s may fit later', (_, amounts, mayFit) => {
    expect(quotaRefusal(refused(amounts))).toEqual({ name: 'compute', mayFit });
  });

  it('that demands an amount never fits', () => {
    const message = 'pods "a" is forbidden: failed quota: compute: must specify limits.cpu for: main';
    expect(quotaRefusal(message)).toEqual({ name: 'compute', mayFit: false });
  });

  it('is not any other one', () => expect(quotaRefusal('admission webhook denied the request')).toBeUndefined());
});
