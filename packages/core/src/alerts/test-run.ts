import type { Run } from '../run.js';

/** A running run with a label, and whatever a test is about. */
export function aRunOf(fields: Partial<Run>): Run {
  return {
    id: 'op_1',
    source: 'host',
    type: 'sync',
    title: 'Sync directory',
    status: 'running',
    outcome: 'pending',
    attempt: 1,
    labels: { team: 'ops' },
    ...fields,
  };
}
