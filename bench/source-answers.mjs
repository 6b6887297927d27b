// What each system answers to the questions of its adapter, made of the recorded answers in packages/core/fixtures: the same rows
// again and again, each with an id of its own, in pages as large as that system sends.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const core = fileURLToPath(new URL('../packages/core/', import.meta.url));
const recorded = (path) => JSON.parse(readFileSync(`${core}fixtures/${path}.json`, 'utf8'));

/** A made id as long as the recorded one. */
const idLike = (id, index) => `${index}-`.padStart(10, '0') + String(id).slice(10);

/** Rows of a page as the text of an answer; `make` puts them into what the system sends around them. */
function textPages(rows, size, total, make) {
  const pages = [];
  for (let first = 0; first < total; first += size) {
    const count = Math.min(size, total - first);
    const held = Array.from({ length: count }, (_, offset) => rows(first + offset));
    const next = first + count < total ? pages.length + 1 : undefined;
    pages.push(JSON.stringify(make(held, next)));
  }
  return pages;
}

/** Objects of Kubernetes, each with a name of its own. */
const named = (objects) => (index) => {
  const { metadata, ...rest } = objects[index % objects.length];
  return { metadata: { ...metadata, name: `${metadata.name}-${index}` }, ...rest };
};

const cycle = (rows) => (index) => rows[index % rows.length];

/**
 * Each system: its source as a URI, and `answers(total)`, which gives a function from a request to the text of the answer (and
 * headers where the system pages by them).
 */
export const SYSTEMS = {
  github: {
    uri: 'github:octo-org/octo-repo',
    answers(total) {
      // An example that GitHub publishes.
      const published = `${core}node_modules/@octokit/openapi/generated/api.github.com.json`;
      const description = JSON.parse(readFileSync(published, 'utf8'));
      const [row] = description.components.examples['workflow-run-paginated'].value.workflow_runs;
      const rows = (index) => ({ ...row, id: 30_433_642 + index, status: 'in_progress' });
      const pages = textPages(rows, 100, total, (workflow_runs) => ({ total_count: total, workflow_runs }));
      const none = JSON.stringify({ total_count: 0, workflow_runs: [] });
      return ({ url }) => {
        const { searchParams } = new URL(url);
        if (!searchParams.has('status')) return { text: pages[0] };
        if (searchParams.get('status') !== 'in_progress') return { text: none };
        const page = Number(searchParams.get('page') ?? 1);
        const link = page < pages.length ? { link: `<${url.split('&page=')[0]}&page=${page + 1}>; rel="next"` } : {};
        return { text: pages[page - 1], headers: link };
      };
    },
  },
  prefect: {
    uri: 'prefect:https://host.example/api',
    answers(total) {
      const row = cycle(recorded('prefect/active').results);
      const rows = (index) => ({ ...row(index), id: idLike(row(index).id, index) });
      const pages = textPages(rows, 200, total, (results) => ({ results, count: total, limit: 200, page: 1 }));
      const flows = JSON.stringify(recorded('prefect/flows'));
      return ({ url, body }) => ({ text: url.endsWith('/flows/filter') ? flows : pages[body.page - 1] });
    },
  },
  airflow: {
    uri: 'airflow:https://host.example',
    answers(total) {
      const row = cycle(recorded('airflow/active').dag_runs);
      const rows = (index) => ({ ...row(index), dag_run_id: `live__${index}` });
      const pages = textPages(rows, 100, total, (dag_runs) => ({ dag_runs, total_entries: total }));
      return ({ url }) => ({ text: pages[Number(new URL(url).searchParams.get('offset')) / 100] });
    },
  },
  dagster: {
    uri: 'dagster:https://host.example',
    answers(total) {
      const row = cycle(recorded('dagster/active').data.runsOrError.results);
      const rows = (index) => ({ ...row(index), runId: idLike(row(index).runId, index) });
      const make = (results) => ({ data: { runsOrError: { __typename: 'Runs', count: total, results } } });
      const pages = textPages(rows, 200, total, make);
      const statuses = JSON.stringify(recorded('dagster/run-status'));
      return ({ body }) => {
        if (body.query.includes('tardyStatuses')) return { text: statuses };
        const { cursor } = body.variables;
        return { text: pages[cursor === undefined ? 0 : (Number.parseInt(cursor, 10) + 1) / 200] };
      };
    },
  },
  mlflow: {
    uri: 'mlflow:https://host.example',
    answers(total) {
      const row = cycle(recorded('mlflow/running').runs);
      const rows = (index) => ({
        ...row(index),
        info: { ...row(index).info, run_id: idLike(row(index).info.run_id, index) },
      });
      const pages = textPages(rows, 1000, total, (runs, next) => ({ runs, next_page_token: next && String(next) }));
      const experiments = JSON.stringify(recorded('mlflow/experiments'));
      return ({ url, body }) => ({
        text: url.endsWith('/experiments/search') ? experiments : pages[Number(body.page_token ?? 0)],
      });
    },
  },
  temporal: {
    uri: 'temporal:https://host.example:7243/namespaces/default',
    answers(total) {
      const row = cycle(recorded('temporal/active').executions);
      const rows = (index) => ({ ...row(index), execution: { ...row(index).execution, workflowId: `order-${index}` } });
      const pages = textPages(rows, 1000, total, (executions, next) => ({
        executions,
        ...(next === undefined ? {} : { nextPageToken: String(next) }),
      }));
      return ({ url }) => ({ text: pages[Number(new URL(url).searchParams.get('nextPageToken') ?? 0)] });
    },
  },
  bullboard: {
    uri: 'bullboard:https://host.example/admin/queues',
    answers(total) {
      const [queue] = recorded('bull-board/queues-active').queues;
      const counts = { active: total };
      const row = cycle(queue.jobs);
      const rows = (index) => ({ ...row(index), id: `job-${index}` });
      const pages = textPages(rows, 100, total, (jobs) => ({ queues: [{ ...queue, counts, jobs }] }));
      const overview = JSON.stringify({ queues: [{ ...queue, counts, jobs: [] }] });
      return ({ url }) => {
        const page = new URL(url).searchParams.get('page');
        return { text: page === null ? overview : pages[Number(page) - 1] };
      };
    },
  },
  flower: {
    uri: 'flower:https://host.example:5555',
    answers(total) {
      const row = cycle(Object.values(recorded('flower/tasks-STARTED')));
      const rows = (index) => ({ ...row(index), uuid: `task-${index}` });
      // Each page begins with the last task of the one before.
      const size = 10_000;
      const pages = [];
      for (let first = 0; first < total; first += size - 1) {
        const tasks = Array.from({ length: Math.min(size, total - first) }, (_, offset) => rows(first + offset));
        pages.push(JSON.stringify(Object.fromEntries(tasks.map((task) => [task.uuid, task]))));
      }
      const workers = JSON.stringify(recorded('flower/workers-status'));
      return ({ url }) => {
        const { pathname, searchParams } = new URL(url);
        if (pathname.endsWith('/workers')) return { text: workers };
        if (searchParams.get('state') !== 'STARTED') return { text: '{}' };
        return { text: pages[Number(searchParams.get('offset')) / (size - 1)] };
      };
    },
  },
  slurm: {
    uri: 'slurm:https://host.example:6820',
    answers(total) {
      const { jobs, ...rest } = recorded('slurm/many-jobs');
      const row = cycle(jobs);
      const rows = Array.from({ length: total }, (_, index) => ({ ...row(index), job_id: index + 1 }));
      const text = JSON.stringify({ ...rest, jobs: rows });
      const nodes = JSON.stringify(recorded('slurm/many-nodes'));
      const paths = JSON.stringify(recorded('slurm/openapi-paths'));
      return ({ url }) => ({ text: url.endsWith('/nodes') ? nodes : url.endsWith('/openapi/v3') ? paths : text });
    },
  },
  buildbot: {
    uri: 'buildbot:https://host.example',
    answers(total) {
      const row = cycle(recorded('buildbot/v4/builds').builds);
      const rows = (index) => ({ ...row(index), buildid: index + 1, buildrequestid: index + 1 });
      const pages = textPages(rows, 200, total, (builds) => ({ builds, meta: { total } }));
      const context = {
        workers: JSON.stringify(recorded('buildbot/v4/workers')),
        builders: JSON.stringify(recorded('buildbot/v4/builders')),
        buildrequests: JSON.stringify({ buildrequests: [], meta: { total: 0 } }),
      };
      return ({ url }) => {
        const { pathname, searchParams } = new URL(url);
        const what = pathname.split('/').at(-1);
        return { text: context[what] ?? pages[Number(searchParams.get('offset')) / 200] };
      };
    },
  },
  jenkins: {
    uri: 'jenkins:https://host.example',
    answers(total) {
      const [computer] = recorded('jenkins/computers').computer;
      const [executor] = computer.executors;
      const executors = Array.from({ length: total }, (_, index) => {
        const url = `http://0.0.0.0:8080/job/freestylejob/${index + 1}/`;
        return { ...executor, currentExecutable: { ...executor.currentExecutable, number: index + 1, url } };
      });
      const text = JSON.stringify({ computer: [{ ...computer, executors, oneOffExecutors: [] }] });
      return ({ url }) => ({ text: url.includes('/queue/') ? '{"items":[]}' : text });
    },
  },
  gitlab: {
    uri: 'gitlab:https://host.example/foo/bar',
    answers(total) {
      const [row] = recorded('gitlab/pipelines');
      const rows = (index) => ({ ...row, id: index + 1, status: 'running' });
      const pages = textPages(rows, 100, total, (pipelines) => pipelines);
      return ({ url }) => {
        const { searchParams } = new URL(url);
        const status = searchParams.get('status');
        if (status !== null && status !== 'running')
          return { text: '[]', headers: { 'x-next-page': '', 'x-total': '0' } };
        const page = Number(searchParams.get('page'));
        const next = page < pages.length ? String(page + 1) : '';
        return { text: pages[page - 1], headers: { 'x-next-page': next, 'x-total': String(total) } };
      };
    },
  },
  n8n: {
    uri: 'n8n:https://host.example',
    answers(total) {
      const row = cycle(recorded('n8n/executions-running').data);
      const rows = (index) => ({ ...row(index), id: String(index + 1) });
      const pages = textPages(rows, 250, total, (data, next) => ({ data, nextCursor: next ? String(next) : null }));
      const none = JSON.stringify({ data: [], nextCursor: null });
      return ({ url }) => {
        const { pathname, searchParams } = new URL(url);
        if (pathname.includes('/workflows/')) return { text: '{"name":"nightly"}' };
        if (searchParams.get('status') !== 'running') return { text: none };
        return { text: pages[Number(searchParams.get('cursor') ?? 0)] };
      };
    },
  },
  metaflow: {
    uri: 'metaflow:https://host.example/api',
    answers(total) {
      const row = cycle(recorded('metaflow/active').data);
      // Begun a millisecond after each other: pages go on from there.
      const rows = (index) => ({ ...row(index), run: String(index + 1), ts_epoch: 1_795_450_762_850 + index });
      const pages = textPages(rows, 1000, total, (data) => ({ data, status: 200 }));
      return ({ url }) => {
        const since = new URL(url).searchParams.get('ts_epoch:ge');
        const page = since === null ? 0 : Math.ceil((Number(since) - 1_795_450_762_850) / 1000);
        return { text: pages[page] ?? '{"data":[]}' };
      };
    },
  },
  kubernetes: {
    uri: 'kubernetes:https://host.example:6443',
    answers(total) {
      const active = recorded('kubernetes/jobs').items.filter(
        ({ status }) => !status.conditions?.some(({ type }) => type === 'Complete' || type === 'Failed'),
      );
      const pages = textPages(named(active), 500, total, (items, next) => ({
        metadata: { resourceVersion: '503', ...(next ? { continue: String(next) } : {}) },
        items,
      }));
      return ({ url }) => ({ text: pages[Number(new URL(url).searchParams.get('continue') ?? 0)] });
    },
  },
  argo: {
    uri: 'argo:https://host.example:2746',
    answers(total) {
      const make = (items) => ({ metadata: { resourceVersion: '786' }, items });
      const [text] = textPages(named(recorded('argo/server-active').items), total, total, make);
      return () => ({ text });
    },
  },
};
