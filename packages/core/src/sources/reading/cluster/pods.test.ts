import { expect, it } from 'vitest';
import { fitsNowhere } from './pods.js';

it.each([
  ["0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.", true],
  ["Unschedulable: 0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.", true],
  [
    "0/3 nodes are available: 1 node(s) had untolerated taint {a: b}, 2 node(s) didn't match Pod's node selector.",
    true,
  ],
  [
    '0/1 nodes are available: 1 node(s) had untolerated taint {a: }. preemption: 0/1 nodes are available: 1 Preemption is not helpful.',
    true,
  ],
  ['0/2 nodes are available: persistentvolumeclaim "data" not found.', true],
  ['1 node(s) had untolerated taint {a: b}', true],
  ["0/5 nodes are available: 2 Insufficient cpu, 3 node(s) didn't match Pod's node affinity/selector.", false],
  ['0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: 2 had untolerated taint.', false],
  ['0/2 nodes are available: waiting for something with untolerated taint', false],
])('no node can take a pod, however free: %s', (message, expected) => {
  expect(fitsNowhere(message)).toBe(expected);
});
