// Runs inside the browser for elements.mjs: the subjects, each with the same runs, and the actions on them.
import {
  createPaginatedRowModel,
  createSortedRowModel,
  rowPaginationFeature,
  rowSortingFeature,
  sortFn_alphanumeric,
  TableController,
  tableFeatures,
} from '@tanstack/lit-table';
import { configureOps } from '@tardy/elements';
import '@tardy/elements/define';
import '@vaadin/grid';
import { html, LitElement } from 'lit';
import { repeat } from 'lit/directives/repeat.js';

const PAGE = 500;
const ROWS = 25;
const BY_TITLE = 'tab=all&sort=title';
const COLUMNS = ['status', 'title', 'tenant', 'progress', 'started_at', 'heartbeat_at'];

// The work of a poll is measured, not the budget that limits polls.
configureOps({ budget: 1e9, floorMs: 0 });

const origin = Date.now() - performance.now();
const now = () => origin + performance.now();
const at = (ms) => new Date(ms).toISOString();

/** Runs whose text does not change for the next 50 s, except the named ones: each becomes late at its instant. */
function makeRuns(count, flips = []) {
  const start = now();
  return Array.from({ length: count }, (_, index) => ({
    id: `op_${index}`,
    type: ['baseline_compare', 'backup', 'sync', 'report'][index % 4],
    title: `Operation ${String(index).padStart(5, '0')}`,
    tenant: { id: String(index % 40), name: `Tenant ${index % 40}` },
    workspace: { id: 'w1', name: 'Contoso' },
    status: 'running',
    attempt: 1,
    progress: { processed: index % 40, total: 40, unit: 'policies' },
    started_at: at(flips[index] === undefined ? start - (4 + (index % 50)) * 60_000 - 5000 : flips[index] - 3_600_000),
  }));
}

/** The same runs, one in a hundred a step further: spread over all, or adjacent ones. */
function change(runs, round, spread = true) {
  const few = runs.length / 100;
  const step = spread ? 100 : 1;
  const changed = new Set(Array.from({ length: few }, (_, index) => index * step));
  return runs.map((run, index) =>
    changed.has(index) ? { ...run, progress: { ...run.progress, processed: 41 + round } } : run,
  );
}

/** A run API without a network: its responses are prepared in advance, and each arrives in a separate task. */
class Api {
  requests = 0;
  /** The duration of the tasks in which a response was read, each up to the next request. */
  tasks = [];
  #pages = [];
  #since;

  set(runs) {
    const pages = [];
    for (let from = 0; from < runs.length; from += PAGE) {
      const own = JSON.stringify(runs.slice(from, from + PAGE));
      const old = this.#pages[pages.length];
      const same = old?.own === own;
      const next = from + PAGE < runs.length ? String(pages.length + 1) : null;
      const text = `{"now":"${at(now())}","next":${JSON.stringify(next)},"runs":${own}}`;
      pages.push(same ? old : { own, body: new TextEncoder().encode(text), tag: `"${Math.random()}"` });
    }
    this.#pages = pages;
  }

  fetcher = async (url, { headers }) => {
    this.requests++;
    this.end();
    const { pathname, searchParams } = new URL(url);
    const page = this.#pages[Number(searchParams.get('cursor') ?? 0)];
    const answer = !pathname.endsWith('/runs')
      ? new Response('{}', { status: 404 })
      : headers['if-none-match'] === page.tag
        ? new Response(null, { status: 304, headers: { etag: page.tag } })
        : new Response(page.body, { headers: { etag: page.tag } });
    await nextTask();
    this.#since = performance.now();
    return answer;
  };

  /** Ends the task that reads the last response. */
  end() {
    if (this.#since !== undefined) this.tasks.push(performance.now() - this.#since);
    this.#since = undefined;
  }
}

class LitTable extends LitElement {
  static properties = { rows: { attribute: false } };

  constructor() {
    super();
    // Not a field: that would shadow the property that Lit defines.
    this.rows = [];
  }

  render() {
    const shown = this.rows.toSorted((a, b) => (a.title < b.title ? -1 : 1)).slice(0, ROWS);
    return table(
      repeat(
        shown,
        ({ id }) => id,
        (run) => row(COLUMNS.map((name) => html`<td>${text(run, name)}</td>`)),
      ),
    );
  }
}

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric },
  rowPaginationFeature,
  paginatedRowModel: createPaginatedRowModel(),
});
const columns = COLUMNS.map((id) => ({ id, accessorFn: (run) => text(run, id) }));

class TanstackTable extends LitElement {
  static properties = { rows: { attribute: false } };

  constructor() {
    super();
    // Not a field: that would shadow the property that Lit defines.
    this.rows = [];
  }
  #controller = new TableController(this);

  render() {
    const model = this.#controller.table({
      features,
      columns,
      data: this.rows,
      getRowId: ({ id }) => id,
      autoResetPageIndex: false,
      initialState: { pagination: { pageIndex: 0, pageSize: ROWS }, sorting: [{ id: 'title', desc: false }] },
    });
    return table(
      repeat(
        model.getRowModel().rows,
        ({ id }) => id,
        (one) => row(one.getAllCells().map((cell) => html`<td>${cell.getValue()}</td>`)),
      ),
    );
  }
}

customElements.define('lit-table', LitTable);
customElements.define('tanstack-table', TanstackTable);

function table(rows) {
  return html`<table>
    <thead>
      <tr>
        ${COLUMNS.map((name) => html`<th>${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

function row(cells) {
  return html`<tr>
    ${cells}
  </tr>`;
}

function text(run, name) {
  if (name === 'tenant') return run.tenant.name;
  return name === 'progress' ? `${run.progress.processed} of ${run.progress.total}` : (run[name] ?? '');
}

/** The grid scrolls instead of paginating; its columns show values by their path. */
function makeGrid() {
  const grid = document.createElement('vaadin-grid');
  grid.style.blockSize = '900px';
  for (const path of ['status', 'title', 'tenant.name', 'progress.processed', 'started_at', 'heartbeat_at']) {
    const column = document.createElement('vaadin-grid-column');
    column.path = path;
    grid.append(column);
  }
  return Object.assign(grid, { itemIdPath: 'id' });
}

const makers = {
  'ops-list': () => Object.assign(document.createElement('ops-list'), { poll: 'off' }),
  'lit table': () => document.createElement('lit-table'),
  'tanstack lit-table': () => document.createElement('tanstack-table'),
  'vaadin grid': makeGrid,
};

const nextTask = () =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', resolve);
    port1.start();
    port2.postMessage(0);
  });

const paint = () => new Promise((resolve) => requestAnimationFrame(() => resolve(nextTask())));

const drawingTimers = [];
const setTimer = globalThis.setTimeout.bind(globalThis);
globalThis.setTimeout = (callback, ms, ...values) =>
  setTimer(() => {
    const start = performance.now();
    callback(...values);
    if (subject?.isUpdatePending !== true) return;
    void subject.updateComplete.then(() => drawingTimers.push(performance.now() - start));
  }, ms);

let subject;
let name;
let runs = [];
let api;
let round = 0;

/** The functions that elements.mjs calls. Each resolves when the result is painted. */
globalThis.bench = {
  /** Adds an empty subject to the page. */
  async open(which) {
    document.body.replaceChildren();
    name = which;
    subject = makers[which]();
    if (which === 'ops-list') subject.setAttribute('filter', BY_TITLE);
    document.body.append(subject);
    await paint();
    await paint();
  },

  prepare(count) {
    runs = makeRuns(count);
  },

  /** Passes the runs in; returns the milliseconds until the first rows are painted. */
  async show() {
    const start = performance.now();
    give();
    await paint();
    while (rowCount() === 0) await paint();
    return performance.now() - start;
  },

  /** Builds the next data, as a response would deliver it. */
  next(few) {
    round++;
    runs =
      few === 1 ? runs.map((run, index) => (index === 3 ? { ...run, status: 'queued' } : run)) : change(runs, round);
  },

  /** Resolves when it is painted. */
  async update() {
    give();
    await paint();
    await paint();
  },

  /** Milliseconds until it is rendered: only scripts, since Lit renders within the same task. */
  async draw() {
    const start = performance.now();
    give();
    await subject.updateComplete;
    return performance.now() - start;
  },

  /** The list over an API; each run of the first page becomes late after the given milliseconds. */
  async openApi(count, flipsAfter = []) {
    document.body.replaceChildren();
    api = new Api();
    runs = makeRuns(
      count,
      flipsAfter.map((ms) => now() + ms),
    );
    api.set(runs);
    name = 'ops-list';
    subject = addElement('ops-list', { filter: undefined });
    subject.setAttribute('filter', BY_TITLE);
    const start = performance.now();
    while (rowCount() === 0) await paint();
    return performance.now() - start;
  },

  changeApi(spread) {
    round++;
    runs = change(runs, round, spread);
    api.set(runs);
  },

  /** Milliseconds of script from the first response until it is rendered: of all tasks together, and of the longest. */
  async poll() {
    api.tasks = [];
    await subject.refresh();
    await subject.updateComplete;
    api.end();
    return { all: api.tasks.reduce((sum, ms) => sum + ms, 0), longest: Math.max(...api.tasks) };
  },

  /** The duration of the timers that rendered something, rendering included, since the last call. */
  timers() {
    return drawingTimers.splice(0);
  },

  async polls(count) {
    for (let done = 0; done < count; done++) {
      bench.changeApi(true);
      await bench.poll();
      await paint();
    }
  },

  /** How many requests one list sends for a load, and eight elements together. */
  async requests(count) {
    const counts = [];
    for (const tags of [
      ['ops-list'],
      ['ops-list', 'ops-kpis', 'ops-attention', 'run-progress', 'run-detail', 'run-detail', 'ops-list', 'ops-kpis'],
    ]) {
      document.body.replaceChildren();
      await paint();
      api = new Api();
      api.set(makeRuns(count));
      const elements = tags.map((tag, index) => addElement(tag, { runId: `op_${index}` }));
      while (elements.some(({ view }) => view?.asOf === undefined)) await paint();
      api.requests = 0;
      await elements[0].refresh();
      counts.push(api.requests);
    }
    return counts;
  },

  /** Records which rows are touched until `touched` is called. */
  watch() {
    this.seen = new Set();
    this.observer = new MutationObserver((records) => {
      for (const { target } of records) {
        const element = target instanceof Element ? target : target.parentElement;
        const touched = element?.closest('tr.row, [part=toolbar]');
        if (touched) this.seen.add(touched.dataset.key ?? 'tabs');
      }
    });
    this.observer.observe(subject.shadowRoot, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
  },

  touched() {
    this.observer.disconnect();
    return [...this.seen];
  },

  late() {
    return subject.view.runs.filter(({ freshness }) => freshness.state === 'late').length;
  },
};

function addElement(tag, properties) {
  const element = Object.assign(document.createElement(tag), {
    ...properties,
    poll: 'off',
    src: 'http://api.example/api',
    fetcher: api.fetcher,
  });
  document.body.append(element);
  return element;
}

function give() {
  if (name === 'ops-list') subject.report = { runs, now: at(now()) };
  else if (name === 'vaadin grid') subject.items = runs;
  else subject.rows = runs;
}

function rowCount() {
  const { shadowRoot } = subject;
  if (name !== 'vaadin grid') return shadowRoot.querySelectorAll('tbody tr').length;
  return [...subject.querySelectorAll('vaadin-grid-cell-content')].filter(({ textContent }) =>
    textContent.startsWith('Operation'),
  ).length;
}
