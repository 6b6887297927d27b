import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

type Row = Readonly<Record<string, unknown>>;

const minute = 60_000;
const ago = (minutes: number) => new Date(Date.now() - minutes * minute).toISOString();

function read(url: URL): unknown {
  return JSON.parse(readFileSync(url, 'utf8'));
}

/** GitHub's own published examples, from the description that core checks its adapter with. */
function examples(): { readonly run: Row; readonly job: Row } {
  const core = createRequire(new URL('../../packages/core/package.json', import.meta.url));
  const path = core.resolve('@octokit/openapi/generated/api.github.com.json');
  const { components } = read(new URL(`file://${path}`)) as {
    components: { examples: Record<string, { value: { workflow_runs?: Row[]; jobs?: Row[] } }> };
  };
  const [run] = components.examples['workflow-run-paginated']?.value.workflow_runs ?? [];
  const [one] = components.examples['job-paginated']?.value.jobs ?? [];
  if (run === undefined || one === undefined) throw new Error('The description of GitHub has no example of a run.');
  return { run, job: one };
}

/** Recorded from Airflow 3: see the README beside the recordings. */
function dagRuns(file: string): Row[] {
  const folder = '../../packages/core/src/sources/airflow/fixtures/';
  return (read(new URL(folder + file, import.meta.url)) as { dag_runs: Row[] }).dag_runs;
}

/** A GitHub, an Airflow and an API of one's own at one origin, with published and recorded rows moved to the present. */
export async function startSystems(): Promise<{ readonly origin: string; readonly close: () => Promise<void> }> {
  const { run: example, job: exampleJob } = examples();
  const workflow = (id: number, title: string, minutes: number, fields: Row = {}): Row => ({
    ...example,
    id,
    display_title: title,
    status: 'in_progress',
    conclusion: null,
    created_at: ago(minutes),
    run_started_at: ago(minutes),
    updated_at: ago(minutes),
    ...fields,
  });
  const workflows = [
    workflow(30433642, 'Deploy web to production', 500),
    workflow(30433643, 'Build and test', 4),
    workflow(30433640, 'Release 4.2', 190, { status: 'completed', conclusion: 'failure', updated_at: ago(180) }),
  ];
  const [healthy = {}] = dagRuns('active.json');
  const [failed = {}] = dagRuns('ended.json').filter(({ state }) => state === 'failed');
  const dags: Row[] = [
    { ...healthy, dag_id: 'invoices_daily', queued_at: ago(75), start_date: ago(75), run_after: ago(75) },
    { ...healthy, dag_id: 'usage_hourly', queued_at: ago(25), start_date: ago(25), run_after: ago(25) },
    { ...failed, dag_id: 'exports', queued_at: ago(140), start_date: ago(140), end_date: ago(120) },
  ];
  const jobs = [
    job('job-7', 'Compare baseline Q3', 'working', 54, 42, { id: 'northwind', name: 'Northwind' }),
    job('job-8', 'Back up mailboxes', 'working', 20, 0, { id: 'northwind', name: 'Northwind' }),
    job('job-9', 'Import price list', 'working', 12, 0, { id: 'fabrikam', name: 'Fabrikam' }),
  ];

  function respond(url: URL): unknown {
    const wanted = url.searchParams.getAll('state');
    if (url.pathname === '/github/api/v3/repos/acme/web/actions/runs') {
      const status = url.searchParams.get('status');
      const rows = workflows.filter(
        (one) => status === null || one['status'] === status || one['conclusion'] === status,
      );
      return { total_count: rows.length, workflow_runs: rows };
    }
    const id = /^\/github\/api\/v3\/repos\/acme\/web\/actions\/runs\/(\d+)$/.exec(url.pathname)?.[1];
    const ofRun = /^\/github\/api\/v3\/repos\/acme\/web\/actions\/runs\/(\d+)(?:\/attempts\/\d+)?\/jobs$/.exec(
      url.pathname,
    )?.[1];
    if (ofRun !== undefined) {
      const started = workflows.find((one) => String(one['id']) === ofRun)?.['run_started_at'];
      const running = {
        ...exampleJob,
        run_id: Number(ofRun),
        status: 'in_progress',
        conclusion: null,
        completed_at: null,
        steps: [],
      };
      return { total_count: 1, jobs: [{ ...running, created_at: started, started_at: started }] };
    }
    if (id !== undefined) return workflows.find((one) => String(one['id']) === id);
    if (url.pathname === '/airflow/api/v2/dags/~/dagRuns') {
      const rows = dags.filter((one) => wanted.length === 0 || wanted.includes(String(one['state'])));
      return { dag_runs: rows, total_entries: rows.length };
    }
    return url.pathname === '/billing/api/jobs' ? { jobs } : undefined;
  }

  const server = createServer((request, response) => {
    const body = respond(new URL(request.url ?? '/', 'http://host'));
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? { message: 'Not Found' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function job(id: string, name: string, state: string, started: number, seen: number, customer: Row): Row {
  const progress = { done: 310, of: 900, unit: 'mailboxes' };
  return {
    id,
    kind: name.split(' ')[0]?.toLowerCase(),
    name,
    state,
    started: ago(started),
    last_seen: ago(seen),
    customer,
    ...progress,
  };
}
