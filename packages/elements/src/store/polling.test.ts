import { expect } from '@esm-bundle/chai';
import { page, ScriptedApi } from '../test-api.js';
import { TestEnvironment } from '../test-environment.js';
import { TestListener } from '../test-listener.js';
import { ago, failed, fresh, late, stuck, young } from '../test-runs.js';
import { sharedStore } from './open-store.js';
import type { ListenerInterest, OpsStore } from './ops-store.js';

describe('the store', () => {
  let environment: TestEnvironment;
  let api: ScriptedApi;
  let store: OpsStore;
  let listener: TestListener;

  beforeEach(() => {
    environment = new TestEnvironment();
    api = new ScriptedApi();
  });

  afterEach(() => listener.leave());

  async function open(interest?: ListenerInterest): Promise<void> {
    store = sharedStore({ src: api.src }, environment.page);
    listener = new TestListener(store, interest);
    await environment.advance(0);
  }

  for (const [what, run, everyMs] of [
    ['every 3 s while a run is younger than a minute', young, 3000],
    ['every 5 s while it is younger than ten', fresh, 5000],
    ['every 15 s while it is younger than an hour', { ...late, started_at: ago(2000) }, 15_000],
    ['once a minute beyond that', late, 60_000],
    ['once a minute while only stale runs remain', stuck, 60_000],
  ] as const) {
    it(`polls ${what}`, async () => {
      await api.runs(run);
      await open();
      await environment.advance(everyMs - 100);
      expect(await api.polls()).to.equal(1);
      await environment.advance(200);
      expect(await api.polls()).to.equal(2);
    });
  }

  it('polls with a jitter of a tenth', async () => {
    await api.runs(stuck);
    environment.random = () => 0;
    await open();
    await environment.advance(54_000);
    expect(await api.polls()).to.equal(2);
    environment.random = () => 1;
    await environment.advance(54_000);
    await environment.advance(65_000);
    expect(await api.polls()).to.equal(3);
  });

  it('polls until nothing is active, and again when the host says that work was started', async () => {
    await api.script({ '/runs': [page(young), page(), page(), page(young)] });
    await open();
    await environment.advance(8000);
    expect(store.stats.polling).to.equal(false);
    const before = await api.polls();
    await environment.advance(600_000);
    expect(await api.polls()).to.equal(before);
    await store.poke();
    await environment.advance(10_000);
    expect(store.stats.polling).to.equal(true);
    expect(await api.polls()).to.be.greaterThan(before + 2);
  });

  it('polls for half a minute after the host said that work was started, even if no run is listed', async () => {
    await api.runs();
    await open();
    await store.poke();
    await environment.advance(600_000);
    expect(await api.polls()).to.be.within(8, 13);
    expect(store.stats.polling).to.equal(false);
  });

  it('polls slowly with nothing active when a listener wants that', async () => {
    await api.runs();
    await open({ active: true, poll: 'keep' });
    await environment.advance(125_000);
    expect(await api.polls()).to.equal(3);
  });

  it('does not poll when the host turns it off', async () => {
    await api.runs(young);
    await open({ active: true, poll: 'off' });
    await environment.advance(125_000);
    expect(await api.polls()).to.equal(1);
  });

  it('never polls in a hidden tab, and does so at once when it is shown again', async () => {
    await api.runs(young);
    await open();
    environment.show(false);
    await environment.advance(600_000);
    expect(await api.polls()).to.equal(1);
    environment.show(true);
    await environment.advance(0);
    expect(await api.polls()).to.equal(2);
    expect(store.view.phase).to.equal('live');
  });

  it('does not poll before the tab is shown for the first time', async () => {
    await api.runs(young);
    environment.show(false);
    await open();
    await environment.advance(60_000);
    expect(await api.polls()).to.equal(0);
    environment.show(true);
    await environment.advance(0);
    expect(await api.polls()).to.equal(1);
  });

  it('sets no timer when a response arrives after the tab was hidden', async () => {
    await api.script({ '/runs': [page(young), { ...page(young), delayMs: 50 }] });
    await open();
    const refreshed = store.refresh();
    environment.show(false);
    await refreshed;
    expect(environment.timers).to.equal(0);
  });

  it('has one load in flight, however many ask', async () => {
    await api.script({ '/runs': [page(young), { ...page(young), delayMs: 30 }] });
    await open();
    await Promise.all([store.refresh(), store.refresh(), store.refresh()]);
    expect(await api.polls()).to.equal(2);
  });

  it('polls with If-None-Match, and judges what has not changed again', async () => {
    const soon = { ...late, id: 'soon', started_at: ago(3595) };
    await api.script({ '/runs': [{ ...page(soon), headers: { etag: '"one"' } }] });
    await open();
    const rows = store.view.runs;
    await environment.advance(60_200);
    expect((await api.log()).map(({ ifNoneMatch }) => ifNoneMatch).filter(Boolean)).to.deep.equal(['"one"']);
    expect(store.stats).to.include({ unchanged: 1, lastStatus: 304 });
    expect(store.view.runs[0]?.run).to.equal(rows[0]?.run);
    expect(store.view.runs[0]?.freshness.state).to.equal('late');
    expect(store.view.phase).to.equal('live');
  });

  it('polls all pages of what is active', async () => {
    await api.script({
      '/runs': [
        { body: { runs: [young], next: 'a b', now: '$now' } },
        { body: { runs: [stuck], next: 'c', now: '$now' } },
        page(late),
      ],
    });
    await open();
    expect(store.view.runs).to.have.length(3);
    expect(store.view.complete).to.equal(true);
    expect((await api.log()).map(({ query }) => query).slice(1)).to.deep.equal([
      'status=queued,running&limit=500',
      'status=queued,running&limit=500&cursor=a%20b',
      'status=queued,running&limit=500&cursor=c',
    ]);
  });

  it('polls once for the most that its listeners want', async () => {
    await api.runs(young);
    await open({ active: true, recent: 10 });
    const others = [
      new TestListener(store, { active: true }),
      new TestListener(store, { recent: 40 }),
      new TestListener(sharedStore({ src: `${api.src}/` }, environment.page), { recent: 20 }),
    ];
    await environment.advance(0);
    expect(new URLSearchParams((await api.log()).at(-1)?.query).get('limit')).to.equal('40');
    const before = await api.polls();
    await environment.advance(4100);
    expect((await api.polls()) - before).to.equal(2);
    for (const other of others) other.leave();
  });

  it('polls one by one for runs that left the list, to see how they ended', async () => {
    await api.script({
      '/runs': [page(young, stuck), page(stuck)],
      '/runs/young': [{ body: { ...failed, id: 'young', source: 'api' } }],
    });
    await open();
    await environment.advance(3000);
    expect(listener.changes.map(({ run, from, to }) => [run.id, from, to])).to.deep.equal([
      ['young', 'fresh', 'terminal'],
    ]);
  });

  it('polls for one run by its id, and says when it does not exist', async () => {
    await api.script({ '/runs/a%20b': [{ body: { ...young, id: 'a b' } }], '/runs/gone': [{ status: 404 }] });
    await open({ id: 'a b' });
    expect(store.view.runs[0]?.run.id).to.equal('a b');
    const other = new TestListener(store, { id: 'gone' });
    await environment.advance(0);
    expect([...store.view.missing]).to.deep.equal(['gone']);
    expect(store.view.runs[0]?.run.id).to.equal('a b');
    other.leave();
  });

  it('never reads beyond four times the budget of the page, whoever refreshes in a loop', async () => {
    await api.runs(young);
    environment.page.limits.budget = 6;
    await open();
    for (let time = 0; time < 60; time++) {
      void store.refresh();
      await environment.advance(1000);
    }
    expect((await api.log()).length).to.be.within(20, 25);
    expect(store.stats.requestsPerMinute).to.be.at.most(24);
  });

  it('does not poll for a store without listeners', async () => {
    await api.runs(young);
    await open();
    listener.leave();
    await environment.advance(60_000);
    expect(await api.polls()).to.equal(1);
    expect(environment.timers).to.equal(0);
    expect(environment.page.stores.size).to.equal(0);
  });
});
