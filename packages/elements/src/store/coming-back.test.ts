import { expect } from '@esm-bundle/chai';
import { page, ScriptedApi } from '../test-api.js';
import { TestEnvironment } from '../test-environment.js';
import { mount, partsOf, unmountAll } from '../test-fixture.js';
import { TestListener } from '../test-listener.js';
import { done, fresh, stuck, young } from '../test-runs.js';
import { OpsAttention } from '../ops-attention/ops-attention.js';
import { OpsList } from '../ops-list/ops-list.js';
import { RunDetail } from '../run-detail/run-detail.js';
import { sharedStore } from './open-store.js';
import { forgetOps } from './page.js';
import '../define.js';

/** Elements come and go: pages of an app, fragments that a server swaps. */
describe('a viewer who comes back', () => {
  let environment: TestEnvironment;
  let api: ScriptedApi;

  beforeEach(async () => {
    environment = new TestEnvironment();
    api = await new ScriptedApi().script({
      '/runs': [page(fresh, stuck)],
      '/runs/stuck': [{ body: stuck }],
      '/policy': [{ body: { version: 1 } }],
    });
  });

  afterEach(unmountAll);

  const requests = async () => (await api.log()).length;
  const policies = async () => (await api.log()).filter(({ path }) => path === '/policy').length;

  it('sees at once what was read a moment ago, which is not read again before it is due', async () => {
    const first = await mount(OpsAttention, { src: api.src, announce: 'off' });
    await environment.advance(0);
    const before = await requests();
    for (let swap = 0; swap < 20; swap++) {
      first.remove();
      await environment.advance(100);
      const next = await mount(OpsAttention, { src: api.src, announce: 'off' });
      expect(partsOf(next, 'title')).to.deep.equal(['Stuck run']);
      next.remove();
    }
    await environment.advance(0);
    expect(await requests()).to.equal(before);
    await mount(OpsAttention, { src: api.src, announce: 'off' });
    await environment.advance(5000);
    expect(await api.polls()).to.be.greaterThan(2);
  });

  it('finds nothing of it after a minute, and nothing at all once the host has said that somebody signed out', async () => {
    for (const leave of [() => environment.advance(60_000), () => Promise.resolve(forgetOps())]) {
      const listener = new TestListener(sharedStore({ src: api.src }, environment.page));
      await environment.advance(0);
      listener.leave();
      await environment.advance(59_000);
      expect(environment.page.stores.size).to.equal(1);
      await leave();
      expect(environment.page.stores.size).to.equal(0);
      expect(environment.timers).to.be.lessThan(2);
    }
  });

  it('goes from the list to a run and back ten times without waiting, and with one policy', async () => {
    const show = async (element: OpsList | RunDetail) => {
      Object.assign(element, { src: api.src, announce: 'off' });
      document.body.append(element);
      await environment.advance(0);
      await element.updateComplete;
      const drawn = element.shadowRoot?.querySelector('tr.row, [part=summary]');
      element.remove();
      await environment.advance(100);
      return drawn?.textContent;
    };
    for (let trip = 0; trip < 10; trip++) {
      expect(await show(new OpsList())).to.contain('Stuck run');
      expect(await show(Object.assign(new RunDetail(), { runId: 'stuck' }))).to.contain('Stuck run');
    }
    expect(await policies()).to.equal(1);
  });

  it('sees no other tenant for it: each is a store of its own', async () => {
    const first = await mount(OpsAttention, { src: api.src, tenant: '7', announce: 'off' });
    await environment.advance(0);
    first.remove();
    const next = await mount(OpsAttention, { src: api.src, tenant: '8', announce: 'off' });
    expect(partsOf(next, 'title')).to.deep.equal([]);
    expect(await policies()).to.equal(1);
  });

  it('is not told that nothing needs attention by what was read for another element', async () => {
    await api.script({ '/runs': [page(stuck)], '/runs/done': [{ body: done }] });
    await mount(RunDetail, { src: api.src, runId: 'done', announce: 'off' });
    await environment.advance(0);
    const attention = await mount(OpsAttention, { src: api.src, announce: 'off' });
    expect(attention.shadowRoot?.textContent).to.contain('Loading');
    expect(attention.matches(':state(calm)')).to.equal(false);
    await environment.advance(0);
    await attention.updateComplete;
    expect(partsOf(attention, 'title')).to.deep.equal(['Stuck run']);
  });
});

describe('the budget of a page', () => {
  let environment: TestEnvironment;
  let api: ScriptedApi;

  beforeEach(async () => {
    environment = new TestEnvironment();
    api = await new ScriptedApi().runs(young);
  });

  afterEach(unmountAll);

  const exhaust = async (count: number, urgent: boolean) => {
    for (let sent = 0; sent < count; sent++) await environment.page.spend(new AbortController().signal, urgent);
  };

  it('does not keep a person waiting: what an element first shows, and Refresh, come at once', async () => {
    await exhaust(30, false);
    const list = await mount(OpsList, { src: api.src, announce: 'off' });
    await environment.advance(0);
    await list.updateComplete;
    expect(list.shadowRoot?.querySelectorAll('tr.row')).to.have.length(1);
    const before = await api.polls();
    await list.refresh();
    expect(await api.polls()).to.be.greaterThan(before);
  });

  it('keeps what nobody waits for back', async () => {
    const list = await mount(OpsList, { src: api.src, announce: 'off' });
    await environment.advance(0);
    const before = await api.polls();
    await exhaust(30 - environment.page.requestsPerMinute, false);
    await environment.advance(20_000);
    expect(await api.polls()).to.equal(before);
    await environment.advance(60_000);
    expect(await api.polls()).to.be.greaterThan(before);
    list.remove();
  });

  it('is not boundless for a person either: the wait says why and until when', async () => {
    await exhaust(120, true);
    const list = await mount(OpsList, { src: api.src, announce: 'off', timeZone: 'UTC' });
    await environment.advance(0);
    await list.updateComplete;
    expect(partsOf(list, 'notice')).to.deep.equal([
      'Too many requests from this page: the next one is sent at 12:01:00.',
    ]);
    await environment.advance(60_000);
    await list.updateComplete;
    expect(list.shadowRoot?.querySelectorAll('tr.row')).to.have.length(1);
    expect(partsOf(list, 'notice')).to.deep.equal([]);
  });
});
