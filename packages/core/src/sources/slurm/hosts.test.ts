import { describe, expect, it } from 'vitest';
import { hostsIn } from './hosts.js';

describe('a list of nodes', () => {
  it.each([
    ['cn7', ['cn7']],
    ['cn7,login', ['cn7', 'login']],
    ['d[001-003,10]', ['d001', 'd002', 'd003', 'd10']],
    ['d[1-2],f[9-10]', ['d1', 'd2', 'f9', 'f10']],
    ['rack[1-2]n[1-2]', ['rack1n1', 'rack1n2', 'rack2n1', 'rack2n2']],
    ['d[1-10000]', expect.objectContaining({ length: 10_000 })],
  ])('%s is expanded', (text, names) => expect(hostsIn(text)).toEqual(names));

  it.each(['', 'd[1-10001]', 'd[1-9999],e[1-9]', 'd[1', 'd1]', 'd[a-b]', 'd[3-1]', 'd[1-200]n[1-200]'])(
    '%j that cannot be read is empty',
    (text) => expect(hostsIn(text)).toEqual([]),
  );
});
