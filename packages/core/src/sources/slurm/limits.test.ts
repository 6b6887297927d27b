import { describe, expect, it } from 'vitest';
import { parseRun } from '../../wire.js';
import type { JsonObject } from '../reading/body.js';
import { ofQosTogether, withoutRoom } from './limits.js';

const parsed = parseRun({ id: '71', type: 'render', status: 'queued', hold: 'limit' }, 'cluster');
if (!parsed.ok) throw new Error(parsed.issue.reason);
const { run } = parsed;

it.each([
  ['QOSGrpCpuLimit', true],
  ['QOSGrpMemLimit', true],
  ['QOSGrpCPUMinutesLimit', false],
  ['QOSGrpCPURunMinutesLimit', false],
  ['QOSMaxCpuPerUserLimit', false],
  ['AssocGrpCpuLimit', false],
])('%s is a limit on what jobs use at once: %s', (reason, expected) => {
  expect(ofQosTogether(reason)).toBe(expected);
});

describe('a job that waits for what its QOS may use', () => {
  const own: JsonObject = { job_id: 71, qos: 'small', user_name: 'robin', job_state: ['PENDING'] };
  const other: JsonObject = { job_id: 72, qos: 'large', user_name: 'sam', job_state: ['RUNNING'] };
  const look = (...jobs: readonly JsonObject[]) => withoutRoom(run, 'QOSGrpCpuLimit', jobs);

  it('is flagged where no job uses it', () => {
    expect(look(own, other).flag).toEqual({
      kind: 'cannot_start',
      by: 'tardy',
      text: 'QOSGrpCpuLimit: no job of the QOS small runs, so it asks for more than all of them may have together.',
    });
  });

  it.each<[string, readonly JsonObject[]]>([
    ['a job of it runs', [own, { ...other, qos: 'small' }]],
    ['a job of it is suspended', [own, { ...other, qos: 'small', job_state: ['RUNNING', 'SUSPENDED'] }]],
    ['a job of it is suspended, as older versions say it', [own, { ...other, qos: 'small', job_state: 'SUSPENDED' }]],
    ['only the jobs of one user are seen', [own, { ...other, user_name: 'robin' }]],
    ['its QOS is not named', [{ ...own, qos: '' }, other]],
    ['it is gone', [other, { ...other, user_name: 'ana' }]],
  ])('stays on hold where %s', (_, jobs) => {
    expect(look(...jobs)).toBe(run);
  });
});
