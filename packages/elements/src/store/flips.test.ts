import { expect } from '@esm-bundle/chai';
import { page, ScriptedApi } from '../test-api.js';
import { T0, TestEnvironment } from '../test-environment.js';
import { TestListener } from '../test-listener.js';
import { ago, soonLate, stuck } from '../test-runs.js';
import { sharedStore } from './open-store.js';
import { ReportStore } from './report-store.js';

describe('a run that crosses a threshold flips', () => {
  let environment: TestEnvironment;
  let api: ScriptedApi;

  beforeEach(() => {
    environment = new TestEnvironment();
    api = new ScriptedApi();
  });

  it('at the exact millisecond, without a request, by the clock of the server', async () => {
    await api.runs(soonLate);
    environment.localErrorMs = 3_600_000;
    const store = sharedStore({ src: api.src }, environment.page);
    const listener = new TestListener(store);
    await environment.advance(0);
    await environment.advance(4999);
    expect(store.view.runs[0]?.freshness.state).to.equal('fresh');
    await environment.advance(1);
    expect(listener.changes.map(({ from, to }) => [from, to])).to.deep.equal([['fresh', 'late']]);
    expect(store.now()).to.equal(T0 + 5000);
    expect(await api.polls()).to.equal(1);
    expect(store.stats.offsetMs).to.equal(-3_600_000);
    listener.leave();
  });

  it('in all stores of the page in the same task', async () => {
    await api.runs(soonLate);
    const listeners = ['7', undefined].map(
      (tenant) => new TestListener(sharedStore({ src: api.src, tenant }, environment.page)),
    );
    await environment.advance(0);
    let task = 0;
    const tasks = listeners.map(
      (listener) => new Promise<number>((resolve) => (listener.viewChanged = () => resolve(task))),
    );
    environment.page.environment.setTimer(() => void task++, 4999);
    await environment.advance(5000);
    expect(new Set(await Promise.all(tasks)).size).to.equal(1);
    for (const listener of listeners) listener.leave();
  });

  it('not in a hidden tab, nor in a view that is old when it is shown again', async () => {
    await api.script({ '/runs': [page(soonLate), { status: 500 }] });
    const store = sharedStore({ src: api.src }, environment.page);
    const listener = new TestListener(store);
    await environment.advance(0);
    environment.show(false);
    await environment.advance(3_600_000);
    expect(listener.changes).to.deep.equal([]);
    environment.show(true);
    await environment.advance(0);
    expect(store.view.phase).to.equal('old');
    // It may have sent a heartbeat since: the clock of the view stopped when its patience ended.
    expect(store.now()).to.equal(T0 + 30_000);
    listener.leave();
  });

  it('in data that a host hands over, for two minutes', async () => {
    const store = new ReportStore({}, environment.page);
    store.push({ runs: [soonLate, stuck], now: new Date(T0).toISOString() });
    const listener = new TestListener(store);
    await environment.advance(5000);
    expect(listener.changes.map(({ run, to }) => [run.id, to])).to.deep.equal([['soon', 'late']]);
    await environment.advance(115_000);
    expect(store.view.phase).to.equal('old');
    store.push({ runs: [{ ...soonLate, started_at: ago(60) }], now: new Date(T0 + 120_000).toISOString() });
    expect(store.view.phase).to.equal('live');
    expect(listener.changes.at(-1)).to.include({ from: 'late', to: 'fresh' });
    listener.leave();
  });
});

describe('the clock of the server', () => {
  it('is taken from the Date header if a response has no time in it', async () => {
    const environment = new TestEnvironment();
    const api = new ScriptedApi();
    await api.script({ '/runs': [{ body: { runs: [soonLate] } }] });
    environment.localErrorMs = -86_400_000;
    const store = sharedStore({ src: api.src }, environment.page);
    const listener = new TestListener(store);
    await environment.advance(0);
    expect(store.now()).to.equal(T0 + 500);
    expect(store.stats.uncertaintyMs).to.equal(500);
    listener.leave();
  });

  it('is measured again when this machine was asleep', async () => {
    const environment = new TestEnvironment();
    const api = await new ScriptedApi().runs(stuck);
    const store = sharedStore({ src: api.src }, environment.page);
    const listener = new TestListener(store);
    await environment.advance(0);
    const serverNow = environment.serverNow.bind(environment);
    environment.serverNow = () => serverNow() + 7_200_000;
    await store.refresh();
    expect(store.now()).to.equal(T0 + 7_200_000);
    listener.leave();
  });
});
