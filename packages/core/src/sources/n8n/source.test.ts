import { describe, expect, it } from 'vitest';
import { classify } from '../../classify.js';
import { createPolicy } from '../../policy.js';
import { n8nAdapter, n8nSource } from './source.js';
import { gather } from '../testing/fetch.js';
import { fixture } from '../testing/fixtures.js';
import { n8nRow, n8nServer } from './testing/server.js';

const policy = createPolicy({ version: 1 });
const HOUR = 3_600_000;
const source = () => n8nSource('flows', { url: 'https://n8n.example' });
const running = n8nRow('executions-running.json');
const STATUSES = Object.values(fixture('n8n/vocabulary.json')).flat() as string[];

describe('the statuses of n8n', () => {
  it.each(STATUSES)('hold %s, which is known, or says of itself that it is not', async (status) => {
    const { runs } = await gather(source(), n8nServer([{ ...running, status }]), { activity: 'all' });
    expect(runs[0]?.outcome === 'unknown').toBe(status === 'unknown');
  });

  it('are each asked for by name, since a list without one leaves running executions out', async () => {
    const { asked, error } = await gather(source(), n8nServer([]), { activity: 'all' });
    expect(error).toBeUndefined();
    const named = asked.map(({ url }) => new URL(url).searchParams.get('status'));
    expect(new Set(named)).toEqual(new Set(STATUSES));
    expect(asked[0]?.url).toBe('https://n8n.example/api/v1/executions?status=new&limit=250');
  });
});

describe('a list of executions', () => {
  it.each([5, {}, [], true])('does not take the cursor %j for the last page', async (nextCursor) => {
    const { error } = await gather(source(), () => ({ body: { data: [], nextCursor } }));
    expect(error?.code).toBe('shape');
  });

  it('says that queued executions are not seen where they are not listed', async () => {
    const { notes } = await gather(source(), n8nServer([running]));
    expect(notes).toEqual(['This n8n does not list executions that wait in its queue: they are not seen.']);
    expect((await gather(source(), n8nServer([running], 250, STATUSES))).notes).toEqual([]);
  });

  it('takes only a refused status for none', async () => {
    const refusing = (message: unknown) => gather(source(), () => ({ status: 400, body: { message } }));
    expect((await refusing('request/query/limit must be <= 250')).error?.code).toBe('shape');
    expect((await refusing(undefined)).error?.code).toBe('shape');
  });

  it('reports an execution whose workflow has half of a surrogate pair as its id, and hides no other', async () => {
    const { runs, issues, error } = await gather(
      source(),
      n8nServer([{ ...running, id: '8', workflowId: '\ud800' }, running]),
    );
    expect({ runs: runs.length, issues: issues.length, error }).toEqual({ runs: 1, issues: 1, error: undefined });
  });

  it('goes through all pages, and asks for each workflow once', async () => {
    const rows = Array.from({ length: 7 }, (_, index) => ({ ...running, id: String(index) }));
    const { runs, asked } = await gather(source(), n8nServer(rows, 3));
    expect(runs).toHaveLength(7);
    expect(asked.filter(({ url }) => url.includes('/workflows/'))).toHaveLength(1);
  });

  it.each([
    { settings: { executionTimeout: 3600 }, stoppedAt: null, minutes: 60 },
    { settings: { executionTimeout: -1 }, stoppedAt: null, minutes: undefined },
    { settings: {}, stoppedAt: null, minutes: undefined },
    { settings: null, stoppedAt: null, minutes: undefined },
    // Resumed after a wait: the time began again, and it is not known when.
    { settings: { executionTimeout: 3600 }, stoppedAt: running['startedAt'], minutes: undefined },
  ])('has the deadline that the settings of its workflow give: $settings', async ({ settings, stoppedAt, minutes }) => {
    // https://github.com/n8n-io/n8n/blob/master/packages/cli/src/public-api/v1/handlers/workflows/spec/schemas/workflowSettings.yml
    const { runs, error } = await gather(source(), (url, request) =>
      url.pathname.includes('/workflows/')
        ? { body: { name: 'Sync', settings } }
        : n8nServer([{ ...running, stoppedAt }])(url, request),
    );
    expect(error).toBeUndefined();
    const [{ startedAt, deadlineAt } = { startedAt: undefined, deadlineAt: undefined }] = runs;
    expect(deadlineAt).toBe(minutes === undefined ? undefined : (startedAt ?? 0) + minutes * 60_000);
  });

  it('calls a run by the id of its workflow when the key may not read that', async () => {
    const { runs, error } = await gather(source(), (url, request) =>
      url.pathname.includes('/workflows/') ? { status: 403, body: {} } : n8nServer([running])(url, request),
    );
    expect(error).toBeUndefined();
    expect(runs.map(({ type }) => type)).toEqual([running['workflowId']]);
    expect(running['workflowId']).toEqual(expect.any(String));
  });
});

describe('an execution whose worker was killed', () => {
  it('stays running to n8n, and becomes likely stuck to us', async () => {
    const before = await gather(source(), n8nServer([n8nRow('queue-running.json')]));
    const after = await gather(source(), n8nServer([n8nRow('queue-running-after-kill9.json')]));
    expect(after.runs).toEqual(before.runs);
    const [run] = after.runs;
    if (run === undefined) throw new Error('The run is gone.');
    const startedAt = run.startedAt ?? 0;
    expect(classify(run, policy, startedAt + 60_000).state).toBe('fresh');
    expect(classify(run, policy, startedAt + 6 * HOUR)).toMatchObject({ state: 'likely_stale', clock: 'run' });
  });
});

describe('the key of n8n', () => {
  it('is sent in its own header', () => {
    expect(n8nAdapter.credentialHeaders('k3y', { url: '' })).toEqual({ 'x-n8n-api-key': 'k3y' });
  });
});
