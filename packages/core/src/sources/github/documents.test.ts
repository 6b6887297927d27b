import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../reading/body.js';
import { githubDocument } from './documents.js';
import { example } from './testing/published-api.js';

// The examples that GitHub publishes for its API.
const runs = example('workflow-run-paginated');
const jobs = example('job-paginated');
const [run = {}] = runs['workflow_runs'] as JsonObject[];
const [job = {}] = jobs['jobs'] as JsonObject[];

describe('a response of the API that somebody has saved', () => {
  it.each([
    ['a page of runs', runs],
    ['pages of runs', [runs, { total_count: 0, workflow_runs: [] }]],
    ['a list of runs', [run]],
    ['a run', run],
  ])('is read: %s', (_, value) => {
    const read = githubDocument(value, 'ci');
    expect(read?.issues).toEqual([]);
    expect(read?.runs.map(({ id, source, type }) => [id, source, type])).toEqual([['30433642', 'ci', 'Build']]);
  });

  it('has jobs with their true times, by workflow and name', () => {
    for (const value of [jobs, [jobs], [job], job]) {
      expect(githubDocument(value, 'ci')?.runs).toMatchObject([
        {
          id: '399444496',
          type: 'CI / build',
          status: 'completed',
          outcome: 'succeeded',
          startedAt: Date.parse('2020-01-20T17:42:40Z'),
          endedAt: Date.parse('2020-01-20T17:44:39Z'),
          native: { status: 'completed', outcome: 'success' },
        },
      ]);
    }
  });

  it('names a row that cannot be read', () => {
    const read = githubDocument(
      { total_count: 2, workflow_runs: [run, { ...run, id: 7, created_at: 'yesterday' }, 5] },
      'ci',
    );
    expect([read?.runs.length, read?.issues.length]).toEqual([1, 2]);
  });

  it.each([
    ['a page of a run API', { runs: [] }],
    ['a list of runs of ours', [{ id: '1', type: 'x' }]],
    ['an empty list', []],
    ['a text', 'runs'],
  ])('is not %s', (_, value) => {
    expect(githubDocument(value, 'ci')).toBeUndefined();
  });
});
