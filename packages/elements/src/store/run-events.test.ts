import { expect } from '@esm-bundle/chai';
import { page, ScriptedApi } from '../test-api.js';
import { TestEnvironment } from '../test-environment.js';
import { TestListener } from '../test-listener.js';
import { done, stuck, young } from '../test-runs.js';
import { sharedStore } from './open-store.js';
import type { OpsStore } from './ops-store.js';

describe('server-sent events', () => {
  let environment: TestEnvironment;
  let api: ScriptedApi;
  let store: OpsStore;
  let listener: TestListener;

  beforeEach(async () => {
    environment = new TestEnvironment();
    environment.openEvents = (url) => new EventSource(url);
    api = await new ScriptedApi().script({
      '/runs': [page(young, stuck)],
      '/runs/events': [{ events: 'retry: 20\n\n' }],
    });
  });

  afterEach(() => listener.leave());

  async function open(): Promise<void> {
    store = sharedStore({ src: api.src }, environment.page);
    listener = new TestListener(store);
    await environment.advance(0);
    await until(() => store.stats.eventsOpen);
  }

  const event = (name: string, data: unknown) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
  const ids = () => store.view.runs.map(({ run }) => run.id);

  /** Real time passes here, a little: the stream is real. */
  async function until(condition: () => boolean): Promise<void> {
    for (let tries = 0; tries < 100 && !condition(); tries++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      await environment.advance(60);
    }
    expect(condition()).to.equal(true);
  }

  it('bring runs and take them away without a poll', async () => {
    await open();
    await api.push(event('run', { ...done, id: 'young' }) + event('run', { ...young, id: 'new' }));
    await until(() => ids().includes('new'));
    expect(store.view.runs.find(({ run }) => run.id === 'young')?.freshness.state).to.equal('terminal');
    await api.push(event('gone', { id: 'stuck', source: 'api', attempt: 1 }));
    await until(() => !ids().includes('stuck'));
    expect(await api.polls()).to.equal(1);
  });

  it('do no harm where they cannot be read: the others are applied', async () => {
    await open();
    const errors: string[] = [];
    const caught = new AbortController();
    const note = (failed: ErrorEvent) => {
      failed.preventDefault();
      errors.push(failed.message);
    };
    addEventListener('error', note, caught);
    await api.push('event: run\ndata: {not json\n\nevent: gone\ndata: null\n\nevent: gone\ndata: {"id"\n\n');
    await api.push(event('run', { id: 1 }) + event('gone', {}) + event('run', { ...young, id: 'new' }));
    await until(() => ids().includes('new'));
    caught.abort();
    expect(errors).to.deep.equal([]);
    expect(ids()).to.have.members(['young', 'stuck', 'new']);
  });

  it('leave one poll per minute as a safety net', async () => {
    await open();
    await store.refresh();
    await environment.advance(55_000);
    expect(await api.polls()).to.equal(2);
    await environment.advance(6000);
    expect(await api.polls()).to.equal(3);
    expect(store.view.phase).to.equal('live');
  });

  it('cause everything to be read again after a reset', async () => {
    await open();
    await api.push(event('reset', {}));
    await until(() => store.stats.requests === 3);
    expect(await api.polls()).to.equal(2);
  });

  it('are not lost while a list is being read', async () => {
    await open();
    await api.script({ '/runs': [{ ...page(young, stuck), delayMs: 60 }] });
    const refreshed = store.refresh();
    await api.push(event('run', { ...done, id: 'young' }));
    await refreshed;
    await until(() => store.view.runs.find(({ run }) => run.id === 'young')?.freshness.state === 'terminal');
    expect(listener.changes.at(-1)).to.include({ from: 'fresh', to: 'terminal' });
  });

  it('are given up for polls if the API has none', async () => {
    await api.runs(young);
    store = sharedStore({ src: api.src }, environment.page);
    listener = new TestListener(store);
    await environment.advance(0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await environment.advance(3100);
    expect(await api.polls()).to.equal(2);
    expect((await api.log()).filter(({ path }) => path === '/runs/events')).to.have.length(1);
  });

  it('are asked for once where the API has none, whatever tenants the page shows', async () => {
    await api.runs(young);
    const listeners: TestListener[] = [];
    for (const tenant of ['7', '8', '9']) {
      listeners.push(new TestListener(sharedStore({ src: api.src, tenant }, environment.page)));
      await environment.advance(0);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    const asked = (await api.log()).filter(({ path }) => path === '/runs/events');
    expect(asked).to.have.length(1);
    for (const one of listeners.slice(1)) one.leave();
    [listener] = listeners as [TestListener];
  });

  it('end in a hidden tab', async () => {
    await open();
    environment.show(false);
    expect(store.stats.eventsOpen).to.equal(false);
    environment.show(true);
    await until(() => store.stats.eventsOpen);
  });
});
