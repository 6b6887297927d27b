import { expect } from '@esm-bundle/chai';
import { enSurfaces } from '@tardy/core';
import { T0, TestEnvironment } from '../test-environment.js';
import { ScriptedApi, page } from '../test-api.js';
import { expectAccessible, mount, partsOf, unmountAll } from '../test-fixture.js';
import { ago, done, failed, foreign, fresh, late, queued, reconciled, soonLate, stuck, young } from '../test-runs.js';
import { RunProgress } from './run-progress.js';
import './define.js';
import '../events/event-map.js';

describe('<run-progress>', () => {
  let environment: TestEnvironment;

  beforeEach(() => {
    environment = new TestEnvironment();
  });

  afterEach(unmountAll);

  const report = (...runs: readonly unknown[]) => ({ runs, now: new Date(T0).toISOString() });
  const show = (properties: Partial<RunProgress>) =>
    mount(RunProgress, { timeZone: 'UTC', announce: 'off', ...properties });
  const isState = (element: Element, name: string) => element.matches(`:state(${name})`);

  it('shows active runs, worst first, and nothing that has ended', async () => {
    const element = await show({ report: report(fresh, failed, late, queued, stuck, reconciled) });
    expect(partsOf(element, 'title')).to.deep.equal(['Stuck run', 'Late run', 'Fresh run', 'Queued run']);
    expect(partsOf(element, 'badge')).to.deep.equal(['Likely stuck', 'Running late', 'Running', 'Queued']);
    expect(partsOf(element, 'summary')).to.deep.equal(['2 unhealthy·4']);
    expect(isState(element, 'unhealthy')).to.equal(true);
  });

  it('shows how long a silent run worked and has been silent, and what to do', async () => {
    const element = await show({ report: report(stuck) });
    expect(partsOf(element, 'headline')[0]).to.contain('No heartbeat for 3 h 8 min');
    expect(partsOf(element, 'elapsed')).to.deep.equal(['ran for 12 min, no heartbeat for 3 h 8 min']);
    expect(partsOf(element, 'guidance')[0]).to.contain('Check whether its worker is still alive');
  });

  it('has no advice and no alarming colour while nothing is late or stuck', async () => {
    const element = await show({ report: report(fresh, queued) });
    expect(partsOf(element, 'guidance')).to.deep.equal([]);
    expect(partsOf(element, 'card-calm')).to.have.length(2);
    expect(isState(element, 'unhealthy')).to.equal(false);
  });

  it('shows every unhealthy run, whatever its `max`, and counts the others', async () => {
    const many = Array.from({ length: 4 }, (_, index) => ({ ...stuck, id: `s${index}`, title: `Stuck ${index}` }));
    const element = await show({
      max: 2,
      listHref: '/ops',
      tenant: '7',
      report: report(fresh, young, queued, ...many),
    });
    expect(partsOf(element, 'title')).to.deep.equal(['Stuck 0', 'Stuck 1', 'Stuck 2', 'Stuck 3']);
    expect(partsOf(element, 'guidance')).to.have.length(2);
    expect(partsOf(element, 'more')).to.deep.equal(['+3 more']);
  });

  it('filters by type, with a glob', async () => {
    const other = { ...late, id: 'other', title: 'Other', type: 'nightly-export' };
    const element = await show({ type: 'nightly-*', report: report(stuck, other) });
    expect(partsOf(element, 'title')).to.deep.equal(['Other']);
  });

  it('links to the slice of unhealthy runs, with the tenant', async () => {
    const element = await show({ listHref: '/ops', runHref: '/ops/{id}', tenant: '7', report: report(stuck) });
    const href = (part: string) => element.shadowRoot?.querySelector(`[part~=${part}]`)?.getAttribute('href');
    expect(href('attention')).to.equal(
      '/ops?tenant_id=7&activeTab=active_stale_attention&problemClass=active_stale_attention',
    );
    expect(href('title')).to.equal('/ops/stuck');
  });

  it('asks the host before a link is followed', async () => {
    const element = await show({ runHref: '/ops/{id}', report: report(stuck) });
    const asked: string[] = [];
    document.addEventListener(
      'ops-navigate',
      (event) => {
        event.preventDefault();
        asked.push(event.href, event.destination.kind);
      },
      { once: true },
    );
    const anchor = element.shadowRoot?.querySelector<HTMLElement>('a[part~=title]');
    const allowed = anchor?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, composed: true }));
    expect(allowed).to.equal(false);
    expect(asked).to.deep.equal(['/ops/stuck', 'run']);
  });

  it('gives a bar a value only if the share is known', async () => {
    const counted = { ...fresh, id: 'counted', progress: { processed: 12, total: 40, unit: 'files' } };
    const open = { ...young, id: 'open', progress: { processed: 4235 } };
    const element = await show({ report: report(counted, open) });
    const bars = [...(element.shadowRoot?.querySelectorAll('[role=progressbar]') ?? [])];
    const read = (bar: Element) =>
      ['aria-valuenow', 'aria-valuemin', 'aria-valuetext'].map((name) => bar.getAttribute(name));
    expect(bars.map(read)).to.deep.equal([
      ['30', '0', '12 of 40 files'],
      [null, null, '4,235 so far'],
    ]);
  });

  it('says that progress went back', async () => {
    const at = (processed: number) => report({ ...fresh, progress: { processed, total: 40 } });
    const element = await show({ report: at(30) });
    element.report = at(12);
    await element.updateComplete;
    expect(partsOf(element, 'progress-text')).to.deep.equal(['12 of 40 (down from 30)']);
  });

  it('elevates a run as soon as it is late, in every element at once, without a request', async () => {
    const api = await new ScriptedApi().runs(soonLate);
    const elements = await Promise.all([show({ src: api.src }), show({ src: api.src, mode: 'overlay' })]);
    await environment.advance(0);
    expect(elements.map((element) => partsOf(element, 'badge'))).to.deep.equal([['Running'], ['Running']]);
    const changes: string[] = [];
    elements[0].addEventListener('ops-run-change', ({ from, to }) => changes.push(`${from} ${to}`));
    await environment.advance(5000);
    expect(elements.map((element) => partsOf(element, 'badge'))).to.deep.equal([['Running late'], ['Running late']]);
    expect(changes).to.deep.equal(['fresh late']);
    expect(await api.polls()).to.equal(1);
  });

  it('updates its words between polls, for the runs on show only', async () => {
    const element = await show({ report: report(young) });
    expect(partsOf(element, 'headline')[0]).to.contain('Running for 10 s');
    await environment.advance(1000);
    await element.updateComplete;
    expect(partsOf(element, 'headline')[0]).to.contain('Running for 11 s');
  });

  it('shows a run that has ended for ten more seconds', async () => {
    const api = await new ScriptedApi().script({
      '/runs': [page(young, stuck), page(stuck)],
      '/runs/young': [{ body: { ...failed, id: 'young', title: 'Young run' } }],
    });
    const element = await show({ src: api.src });
    await environment.advance(3000);
    expect(partsOf(element, 'badge')).to.deep.equal(['Likely stuck', 'Failed']);
    await environment.advance(10_000);
    expect(partsOf(element, 'badge')).to.deep.equal(['Likely stuck']);
  });

  it('calls nothing healthy when the view is old, and keeps what was stuck', async () => {
    const api = await new ScriptedApi().script({ '/runs': [page(young, stuck), { status: 500 }] });
    const element = await show({ src: api.src });
    await environment.advance(15_000);
    expect(partsOf(element, 'notice')[0]).to.contain('As of 12:00, not updating.');
    expect(partsOf(element, 'badge')).to.deep.equal(['Likely stuck', 'Not updating']);
    expect(isState(element, 'old')).to.equal(true);
    await expectAccessible(element);
  });

  it('does not say that nothing is running when that is unknown', async () => {
    const api = await new ScriptedApi().script({ '/runs': [page(), { status: 500 }] });
    const element = await show({ src: api.src, poll: 'keep' });
    await environment.advance(0);
    expect(partsOf(element, 'empty')).to.deep.equal(['Nothing is running.']);
    await environment.advance(300_000);
    expect(partsOf(element, 'empty')).to.deep.equal(['Nothing was running at 12:00.']);
  });

  for (const [what, runs, more] of [
    ['a row could not be read', [{ id: 'bad' }], {}],
    ['the API says that its response is not complete', [], { complete: false }],
    ['there are more pages', [], { next: 'x' }],
    ['rows are withheld', [foreign], {}],
  ] as const) {
    it(`does not say that nothing is running when ${what}`, async () => {
      const element = await show({ tenant: '7', report: { ...report(...runs), ...more } });
      expect(partsOf(element, 'empty')).to.deep.equal([]);
      expect(partsOf(element, 'notice')[0]).to.match(/could (not )?be read|of another tenant/);
    });
  }

  it('looks once a minute for new runs while nothing is active, in either mode', async () => {
    for (const mode of ['inline', 'overlay'] as const) {
      const api = await new ScriptedApi().script({ '/runs': [page(), page(stuck)] });
      const element = await show({ src: api.src, mode });
      await environment.advance(0);
      expect(partsOf(element, 'title')).to.deep.equal([]);
      await environment.advance(61_000);
      expect(partsOf(element, 'title'), mode).to.deep.equal(['Stuck run']);
      unmountAll();
      environment = new TestEnvironment();
    }
  });

  it('rests once the single run that it shows has ended', async () => {
    const api = await new ScriptedApi().script({ '/runs/done': [{ body: done }] });
    await show({ src: api.src, runId: 'done' });
    await environment.advance(600_000);
    expect((await api.log()).filter(({ path }) => path === '/runs/done')).to.have.length(1);
  });

  for (const [status, text] of [
    [403, enSurfaces.view.runNotFound],
    [500, enSurfaces.view.unreachable],
  ] as const) {
    it(`says what is wrong with its single run, and the others show theirs: HTTP ${status}`, async () => {
      const api = await new ScriptedApi().script({ '/runs': [page(stuck)], '/runs/other': [{ status }] });
      const failures: (number | undefined)[] = [];
      const listen = ({ failure }: { failure: { status: number | undefined } }) => failures.push(failure.status);
      document.addEventListener('ops-error', listen);
      const [all, one] = await Promise.all([show({ src: api.src }), show({ src: api.src, runId: 'other' })]);
      await environment.advance(0);
      document.removeEventListener('ops-error', listen);
      expect(partsOf(all, 'title')).to.deep.equal(['Stuck run']);
      expect(partsOf(one, 'notice')).to.deep.equal([text]);
      expect(failures).to.deep.equal([status]);
    });
  }

  it('clears the old tenant in the same task', async () => {
    const api = await new ScriptedApi().runs(fresh);
    const element = await show({ src: api.src, tenant: '7' });
    await environment.advance(0);
    expect(partsOf(element, 'title')).to.deep.equal(['Fresh run']);
    element.tenant = '8';
    await Promise.resolve();
    await element.updateComplete;
    expect(partsOf(element, 'title')).to.deep.equal([]);
    await environment.advance(0);
    expect(partsOf(element, 'title')).to.deep.equal([]);
    expect(partsOf(element, 'notice')[0]).to.contain('of another tenant');
  });

  it('reports a row of another tenant', async () => {
    const api = await new ScriptedApi().runs(fresh);
    const counts: number[] = [];
    const listen = ({ count }: { count: number }) => counts.push(count);
    document.addEventListener('ops-scope-violation', listen);
    await show({ src: api.src, tenant: '8' });
    await environment.advance(0);
    document.removeEventListener('ops-scope-violation', listen);
    expect(counts).to.deep.equal([1]);
  });

  it('asks the host to sign in once per page, and clears unless that is prevented', async () => {
    const api = await new ScriptedApi().script({ '/runs': [page(young), { status: 401 }] });
    let asked = 0;
    const listen = () => asked++;
    document.addEventListener('ops-auth-required', listen);
    const elements = await Promise.all([
      show({ src: api.src }),
      show({ src: api.src }),
      show({ src: api.src, tenant: '7' }),
    ]);
    await environment.advance(20_000);
    document.removeEventListener('ops-auth-required', listen);
    expect(asked).to.equal(1);
    expect(partsOf(elements[0], 'title')).to.deep.equal([]);
    expect(partsOf(elements[0], 'notice')[0]).to.contain('You are no longer signed in.');
    await expectAccessible(elements[0]);
  });

  for (const [status, text] of [
    [403, 'You do not have access to these operations.'],
    [404, 'Not found, or you do not have access.'],
  ] as const) {
    it(`says so at a ${status}`, async () => {
      const api = await new ScriptedApi().script({ '/runs': [{ status }] });
      const element = await show({ src: api.src });
      await environment.advance(0);
      expect(partsOf(element, 'notice')[0]).to.contain(text);
      await expectAccessible(element);
    });
  }

  it('shows one run by its id, also when it has ended', async () => {
    const element = await show({ runId: 'reconciled', report: report(stuck, reconciled) });
    expect(partsOf(element, 'badge')).to.deep.equal(['Closed after going stale']);
    element.runId = 'nowhere';
    await element.updateComplete;
    expect(partsOf(element, 'notice')).to.deep.equal(['This run does not exist, or you do not have access to it.']);
  });

  it('reads again when it is given another run', async () => {
    const api = await new ScriptedApi().script({
      '/runs/a': [{ body: { ...young, id: 'a', title: 'A' } }],
      '/runs/b': [{ body: { ...young, id: 'b', title: 'B' } }],
    });
    const element = await show({ src: api.src, runId: 'a' });
    await environment.advance(0);
    expect(partsOf(element, 'title')).to.deep.equal(['A']);
    element.runId = 'b';
    await element.updateComplete;
    expect(partsOf(element, 'notice')).to.deep.equal(['Loading…']);
    await environment.advance(0);
    expect(partsOf(element, 'title')).to.deep.equal(['B']);
  });

  it('hides an overlay while nothing is active', async () => {
    const element = await show({ mode: 'overlay', report: report() });
    expect(element.shadowRoot?.querySelector('details')?.checkVisibility()).to.equal(false);
    element.report = report(stuck);
    await element.updateComplete;
    expect(element.shadowRoot?.querySelector('details')?.checkVisibility()).to.equal(true);
  });

  it('reads data that was written into the page', async () => {
    const element = new RunProgress();
    element.innerHTML = `<script type="application/json">${JSON.stringify(report(stuck))}</script>`;
    document.body.append(element);
    await element.updateComplete;
    expect(partsOf(element, 'badge')).to.deep.equal(['Likely stuck']);
    element.remove();
  });

  it('starts again when it is put back into the page', async () => {
    const api = await new ScriptedApi().runs(young);
    const element = await show({ src: api.src });
    await environment.advance(0);
    element.remove();
    await environment.advance(60_000);
    expect(await api.polls()).to.equal(1);
    document.body.append(element);
    await environment.advance(0);
    expect(await api.polls()).to.equal(2);
    expect(partsOf(element, 'title')).to.deep.equal(['Young run']);
  });

  const every = [
    fresh,
    stuck,
    late,
    queued,
    { ...young, id: 'p', progress: { processed: 1, total: 3 } },
    { ...young, id: 'o', progress: { processed: 1 } },
    { ...fresh, id: 'u', started_at: null, heartbeat_at: null },
    { ...fresh, id: 'h', hold: 'approval', hold_since: ago(60) },
  ];
  for (const scheme of ['light', 'dark']) {
    it(`is accessible in every state, ${scheme}`, async () => {
      document.documentElement.style.colorScheme = scheme;
      document.documentElement.style.background = scheme === 'dark' ? '#111' : '#fff';
      try {
        for (const mode of ['inline', 'overlay'] as const) {
          await expectAccessible(
            await show({ mode, max: 20, listHref: '/ops', runHref: '/ops/{id}', report: report(...every) }),
          );
          unmountAll();
        }
        expect(document.querySelectorAll('run-progress')).to.have.length(0);
        await expectAccessible(await show({ report: report() }));
        await expectAccessible(await show({ src: 'https://elsewhere.example/' }));
        await expectAccessible(await show({ report: report(fresh, { id: 'bad' }) }));
      } finally {
        document.documentElement.removeAttribute('style');
      }
    });
  }
});
