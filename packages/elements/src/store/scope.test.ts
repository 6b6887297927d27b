import { expect } from '@esm-bundle/chai';
import { page, ScriptedApi } from '../test-api.js';
import { TestEnvironment } from '../test-environment.js';
import { TestListener } from '../test-listener.js';
import { foreign, fresh, stuck } from '../test-runs.js';
import { sharedStore } from './open-store.js';

describe('a store of one scope', () => {
  let environment: TestEnvironment;

  beforeEach(() => {
    environment = new TestEnvironment();
  });

  it('asks for its tenant and workspace', async () => {
    const api = await new ScriptedApi().runs();
    const listener = new TestListener(sharedStore({ src: api.src, tenant: 'a&b', workspace: 'w 1' }, environment.page));
    await environment.advance(0);
    const query = new URLSearchParams((await api.log()).at(-1)?.query);
    expect(Object.fromEntries(query)).to.include({ tenant_id: 'a&b', workspace_id: 'w 1' });
    listener.leave();
  });

  it('shares nothing with another scope, source or fetcher', async () => {
    const { page: shared } = environment;
    const fetcher = environment.fetcher;
    const keys = [
      { src: '/a' },
      { src: '/b' },
      { src: '/a', tenant: '7' },
      { src: '/a', workspace: '7' },
      { src: '/a', fetcher },
      { src: '/a', fetcher: environment.fetcher.bind(environment) },
    ];
    const stores = [...keys, ...keys].map((options) => sharedStore(options, shared));
    expect(new Set(stores).size).to.equal(keys.length);
  });

  it('ignores a response that arrives after its last listener has left', async () => {
    const api = await new ScriptedApi().script({ '/runs': [{ ...page(fresh, stuck), delayMs: 60 }] });
    const store = sharedStore({ src: api.src, tenant: '7' }, environment.page);
    // A fetcher may ignore the signal.
    environment.intercept = (url, { headers }) => fetch(url, headers === undefined ? {} : { headers });
    const listener = new TestListener(store);
    void environment.advance(0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    listener.leave();
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(store.view).to.include({ phase: 'loading', asOf: undefined });
    expect(listener.calls).to.equal(0);
  });

  it('shows no run without a tenant where one is asked for', async () => {
    const { tenant: _, ...unowned } = fresh;
    const api = await new ScriptedApi().runs(unowned, foreign, stuck);
    const store = sharedStore({ src: api.src, tenant: '7' }, environment.page);
    const listener = new TestListener(store);
    await environment.advance(0);
    expect(store.view.runs.map(({ run }) => run.id)).to.deep.equal(['stuck']);
    expect(store.view.foreign).to.equal(2);
    listener.leave();
  });
});
