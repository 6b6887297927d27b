import { expect } from '@esm-bundle/chai';
import { page, ScriptedApi } from '../test-api.js';
import { T0, TestEnvironment } from '../test-environment.js';
import { expectAccessible, mount, partsOf, unmountAll } from '../test-fixture.js';
import { ago, done, failed, fresh, late, queued, reconciled, soonLate, stuck } from '../test-runs.js';
import { OpsAttention } from './ops-attention.js';
import './define.js';

describe('<ops-attention>', () => {
  let environment: TestEnvironment;

  beforeEach(() => {
    environment = new TestEnvironment();
  });

  afterEach(unmountAll);

  const report = (...runs: readonly unknown[]) => ({ runs, now: new Date(T0).toISOString() });
  const show = (properties: Partial<OpsAttention>) =>
    mount(OpsAttention, { timeZone: 'UTC', announce: 'off', ...properties });

  it('has one line for each problem, worst first', async () => {
    const element = await show({ report: report(fresh, failed, late, done, queued, stuck, reconciled) });
    expect(partsOf(element, 'title')).to.deep.equal(['Stuck run', 'Late run', 'Failed run', 'Reconciled run']);
    expect(partsOf(element, 'badge')).to.deep.equal([
      'Likely stuck',
      'Running late',
      'Failed',
      'Closed after going stale',
    ]);
    // Active problems, and apart from them what has ended.
    expect(partsOf(element, 'count')).to.deep.equal(['2']);
    expect(partsOf(element, 'follow-up-count')).to.deep.equal(['2']);
    expect(element.matches(':state(unhealthy)')).to.equal(true);
    await expectAccessible(element);
  });

  it('links each line to its slice of the list, with its tenant', async () => {
    const element = await show({ listHref: '/ops', runHref: '/ops/{id}', report: report(stuck, failed) });
    const links = [...(element.shadowRoot?.querySelectorAll('[part~=open]') ?? [])].map((link) =>
      link.getAttribute('href'),
    );
    expect(links).to.deep.equal([
      '/ops?tenant_id=7&activeTab=active_stale_attention&problemClass=active_stale_attention',
      '/ops?tenant_id=7&activeTab=terminal_follow_up&problemClass=terminal_follow_up',
    ]);
    expect(partsOf(element, 'open')).to.deep.equal(['Show in list: Stuck run', 'Show in list: Failed run']);
  });

  it('counts what it does not show, by class', async () => {
    const element = await show({ max: 1, listHref: '/ops', report: report(stuck, late, failed, reconciled) });
    expect(partsOf(element, 'more')).to.deep.equal(['Needs attention: +1 more', 'Follow-up: +2 more']);
    await expectAccessible(element);
  });

  it('says when nothing needs attention', async () => {
    const element = await show({ report: report(fresh, done) });
    expect(partsOf(element, 'calm')).to.deep.equal(['Nothing needs attention.']);
    expect(element.matches(':state(calm)')).to.equal(true);
    await expectAccessible(element);
  });

  it('says so of active runs where only a follow-up is left, and has neither state', async () => {
    const element = await show({ report: report(fresh, failed) });
    expect(partsOf(element, 'calm')).to.deep.equal(['Nothing needs attention.']);
    expect(partsOf(element, 'count')).to.deep.equal([]);
    expect(partsOf(element, 'follow-up-heading')).to.deep.equal(['Follow-up']);
    expect(partsOf(element, 'title')).to.deep.equal(['Failed run']);
    for (const state of ['calm', 'unhealthy']) expect(element.matches(`:state(${state})`)).to.equal(false);
    await expectAccessible(element);
  });

  it('withdraws that as soon as a run is late', async () => {
    const element = await show({ report: report(soonLate) });
    expect(element.matches(':state(calm)')).to.equal(true);
    await environment.advance(5000);
    expect(partsOf(element, 'badge')).to.deep.equal(['Running late']);
    expect(element.matches(':state(calm)')).to.equal(false);
  });

  for (const [when, data] of [
    ['a row could not be read', report(fresh, { id: 'bad' })],
    ['there are more pages', { ...report(fresh), next: 'x' }],
  ] as const) {
    it(`does not say that nothing needs attention when ${when}`, async () => {
      const element = await show({ report: data });
      expect(partsOf(element, 'calm')).to.deep.equal([]);
      expect(element.matches(':state(calm)')).to.equal(false);
      expect(partsOf(element, 'notice')[0]).to.match(/could (not )?be read/);
    });
  }

  it('sees a run that starts while nothing is active', async () => {
    const api = await new ScriptedApi().script({ '/runs': [page(), page(), page(stuck)] });
    const element = await show({ src: api.src });
    await environment.advance(61_000);
    expect(partsOf(element, 'title')).to.deep.equal(['Stuck run']);
  });

  it('does not say so when the list ends within the last 24 h, but where it ends', async () => {
    const recent = { body: { runs: [done], next: 'x', now: '$now' } };
    const api = await new ScriptedApi().script({ '/runs': [page(fresh), recent] });
    const element = await show({ src: api.src, recent: 1 });
    await environment.advance(0);
    expect(element.matches(':state(calm)')).to.equal(false);
    expect(partsOf(element, 'calm')).to.deep.equal(['Ended operations from before 11:10 are not listed.']);
    await expectAccessible(element);
  });

  it('says so when the list goes back 24 h, or has active runs only', async () => {
    const old = { ...done, started_at: ago(90_000), ended_at: ago(80_000) };
    const recent = { body: { runs: [old], next: 'x', now: '$now' } };
    for (const [count, answers] of [
      [1, [page(fresh), recent]],
      [0, [page(fresh)]],
    ] as const) {
      const api = await new ScriptedApi().script({ '/runs': answers });
      const element = await show({ src: api.src, recent: count });
      await environment.advance(0);
      expect(partsOf(element, 'calm')).to.deep.equal(['Nothing needs attention.']);
    }
  });

  it('does not forget a run that it watched fail, though newer runs fill the list', async () => {
    const watched = { ...stuck, id: 'watched', title: 'Watched run' };
    const ended = { ...failed, id: 'watched', title: 'Watched run', source: 'api', started_at: ago(90_000) };
    const recent = { body: { runs: [done], next: 'x', now: '$now' } };
    const api = await new ScriptedApi().script({
      '/runs': [page(watched, fresh), recent, page(fresh), recent],
      '/runs/watched': [{ body: ended }, { status: 404 }],
    });
    const element = await show({ src: api.src, recent: 1 });
    await environment.advance(20_000);
    expect(partsOf(element, 'badge')).to.deep.equal(['Failed']);
    await environment.advance(120_000);
    expect(partsOf(element, 'title')).to.deep.equal(['Watched run']);
  });

  it('speaks of the past when the view is old', async () => {
    const api = await new ScriptedApi().script({ '/runs': [page(fresh), page(), { status: 500 }] });
    const element = await show({ src: api.src });
    await environment.advance(0);
    expect(partsOf(element, 'calm')).to.deep.equal(['Nothing needs attention.']);
    await environment.advance(60_000);
    expect(partsOf(element, 'calm')).to.deep.equal(['Nothing needed attention at 12:00.']);
    expect(element.matches(':state(calm)')).to.equal(false);
  });

  it('speaks of the past once polling has ended and the data is old', async () => {
    const api = await new ScriptedApi().runs(done);
    const element = await show({ src: api.src, poll: 'auto' });
    await environment.advance(119_000);
    expect(partsOf(element, 'calm')).to.deep.equal(['Nothing needs attention.']);
    await environment.advance(2000);
    expect(partsOf(element, 'calm')).to.deep.equal(['Nothing needed attention at 12:00.']);
  });
});
