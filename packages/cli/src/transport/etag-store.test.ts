import { describe, expect, it } from 'vitest';
import { EtagStore } from './etag-store.js';

const answer = (text: string) => ({ etag: '"1"', headers: {}, text });

describe('EtagStore', () => {
  it('forgets what was used least recently', () => {
    const store = new EtagStore();
    for (let i = 0; i < 64; i++) store.put(`${i}`, answer(`${i}`));
    expect(store.get('0')?.text).toBe('0');
    store.put('64', answer('64'));
    expect(store.get('0')?.text).toBe('0');
    expect(store.get('1')).toBeUndefined();
    expect(store.get('64')?.text).toBe('64');
  });

  it('keeps no large body, nor the older one in its place', () => {
    const store = new EtagStore();
    store.put('a', answer('small'));
    store.put('a', answer('x'.repeat(1024 * 1024 + 1)));
    expect(store.get('a')).toBeUndefined();
  });
});
