import { expect } from '@esm-bundle/chai';
import { page, ScriptedApi } from '../test-api.js';
import { T0, TestEnvironment } from '../test-environment.js';
import { expectAccessible, mount, partsOf, unmountAll } from '../test-fixture.js';
import { done, failed, fresh, late, queued, reconciled, soonLate, stuck } from '../test-runs.js';
import { OpsKpis } from './ops-kpis.js';
import './define.js';

describe('<ops-kpis>', () => {
  let environment: TestEnvironment;

  beforeEach(() => {
    environment = new TestEnvironment();
  });

  afterEach(unmountAll);

  const report = (...runs: readonly unknown[]) => ({ runs, now: new Date(T0).toISOString() });
  const show = (properties: Partial<OpsKpis>) => mount(OpsKpis, { timeZone: 'UTC', announce: 'off', ...properties });
  const read = (element: OpsKpis) => {
    const [labels, values, details] = ['label', 'value', 'detail'].map((part) => partsOf(element, part));
    return labels?.map((label, index) => `${label}: ${values?.[index]} ${details?.[index]}`.trim());
  };

  it('counts what is active, and says how many of those are unhealthy', async () => {
    const element = await show({ report: report(fresh, queued, late, stuck, failed, reconciled, done) });
    expect(read(element)).to.deep.equal([
      'Active: 4 2 unhealthy',
      'Likely stuck: 1',
      'Late: 1',
      'Follow-up: 2 in the last 24 h',
    ]);
    expect(element.matches(':state(unhealthy)')).to.equal(true);
    await expectAccessible(element);
  });

  it('says that all are healthy only when everything was read', async () => {
    const element = await show({ report: report(fresh) });
    expect(read(element)?.[0]).to.equal('Active: 1 all healthy');
    element.report = { ...report(fresh), next: 'more' };
    await element.updateComplete;
    expect(read(element)?.[0]).to.equal('Active: 1+');
    await expectAccessible(element);
  });

  it('does not say 0 where rows could not be read', async () => {
    const element = await show({ report: report({ id: 'bad' }) });
    expect(partsOf(element, 'value')).to.deep.equal(['0+', '0+', '0+', '0+']);
  });

  it('counts a run that starts while nothing is active', async () => {
    const api = await new ScriptedApi().script({ '/runs': [page(), page(), page(stuck)] });
    const element = await show({ src: api.src });
    await environment.advance(61_000);
    expect(read(element)?.slice(0, 2)).to.deep.equal(['Active: 1 1 unhealthy', 'Likely stuck: 1']);
  });

  it('does not count what failed long ago', async () => {
    const long = { ...failed, ended_at: new Date(T0 - 86_400_001).toISOString() };
    expect(read(await show({ report: report(long) }))?.at(-1)).to.equal('Follow-up: 0 in the last 24 h');
  });

  it('links each total to its slice, with the tenant', async () => {
    const element = await show({ tenant: '7', listHref: '/ops', report: report(fresh, stuck) });
    const links = [...(element.shadowRoot?.querySelectorAll('a') ?? [])].map((link) => link.getAttribute('href'));
    expect(links.slice(0, 2)).to.deep.equal([
      '/ops?tenant_id=7&activeTab=active',
      '/ops?tenant_id=7&activeTab=active_stale_attention&problemClass=active_stale_attention&state=likely_stale',
    ]);
    await expectAccessible(element);
  });

  it('counts a run as late the moment it is', async () => {
    const element = await show({ report: report(soonLate) });
    await environment.advance(5000);
    expect(read(element)?.slice(0, 3)).to.deep.equal(['Active: 1 1 unhealthy', 'Likely stuck: 0', 'Late: 1']);
  });

  it('shows the last totals, and not that all is healthy, when the view is old', async () => {
    const api = await new ScriptedApi().script({ '/runs': [page(fresh), page(), { status: 500 }] });
    const element = await show({ src: api.src });
    await environment.advance(60_000);
    expect(read(element)?.[0]).to.equal('Active: 1');
    expect(partsOf(element, 'notice')[0]).to.contain('As of 12:00, not updating.');
    await expectAccessible(element);
  });

  it('says that a total may be higher when older runs were not read', async () => {
    const recent = { body: { runs: [failed], next: 'x', now: '$now' } };
    const api = await new ScriptedApi().script({ '/runs': [page(), recent] });
    const element = await show({ src: api.src, recent: 1 });
    await environment.advance(0);
    expect(read(element)?.at(-1)).to.equal('Follow-up: 1+ in the last 24 h');
  });

  it('colours only what is bad: a total has no colour, and what succeeded in part is no failure', async () => {
    const tones = async (...runs: readonly object[]) => {
      const element = await show({ report: report(...runs) });
      const figures = [...(element.shadowRoot?.querySelectorAll<HTMLElement>('[part~=figure]') ?? [])];
      return figures.map(({ dataset }) => dataset['tone']);
    };
    const partly = { ...failed, id: 'partly', outcome: 'partially_succeeded' };
    expect(await tones(stuck, partly)).to.deep.equal(['calm', 'danger', 'calm', 'warning']);
    expect(await tones(fresh, failed, partly)).to.deep.equal(['calm', 'calm', 'calm', 'danger']);
    const element = await show({ report: report(stuck) });
    expect(element.shadowRoot?.querySelector<HTMLElement>('[part=detail]')?.dataset['tone']).to.equal('danger');
  });
});
