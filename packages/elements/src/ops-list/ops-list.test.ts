import { expect } from '@esm-bundle/chai';
import {
  classify,
  createPolicy,
  DEFAULT_FILTER,
  enSurfaces,
  filterToSearch,
  parseRun,
  present,
  reportRun,
  type RunFilter,
} from '@tardy/core';
import { de, deSurfaces } from '@tardy/core/messages/de';
import { addCatalogue } from '../shared/catalogue.js';
import { ReportStore } from '../store/report-store.js';
import { T0, TestEnvironment } from '../test-environment.js';
import { expectAccessible, mount, partsOf, unmountAll } from '../test-fixture.js';
import { ago, done, failed, foreign, fresh, late, queued, reconciled, stuck } from '../test-runs.js';
import { OpsList } from './ops-list.js';
import './define.js';
import '../events/event-map.js';

const ALL = [done, fresh, stuck, failed, late, queued, reconciled];
const START = location.href;

describe('<ops-list>', () => {
  let environment: TestEnvironment;

  beforeEach(() => {
    environment = new TestEnvironment();
  });

  afterEach(() => {
    unmountAll();
    history.replaceState(null, '', START);
  });

  const report = (...runs: readonly unknown[]) => ({ runs, now: new Date(T0).toISOString() });
  const show = (properties: Partial<OpsList> = {}) =>
    mount(OpsList, {
      timeZone: 'UTC',
      announce: 'off',
      runHref: '/runs/{id}',
      listHref: '/ops',
      report: report(...ALL),
      ...properties,
    });
  const isState = (element: Element, name: string) => element.matches(`:state(${name})`);
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as that of `querySelector`
  const find = <T extends HTMLElement>(element: OpsList, selector: string): T => {
    const found = element.shadowRoot?.querySelector<T>(selector);
    if (found === null || found === undefined) throw new Error(`There is no ${selector}.`);
    return found;
  };
  const tab = (element: OpsList, name: string) => find<HTMLButtonElement>(element, `#tab-${name}`);
  const titles = (element: Element) => partsOf(element, 'title');
  const press = (target: Element | null, key: string) =>
    target?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true }));
  const active = (element: Element) => element.shadowRoot?.activeElement ?? null;
  const choose = (element: OpsList, label: string, value: string) => {
    const field = [...(element.shadowRoot?.querySelectorAll('label') ?? [])].find((one) =>
      one.textContent?.trim().startsWith(label),
    );
    const select = field?.querySelector('select');
    if (select === undefined || select === null) throw new Error(`There is no field ${label}.`);
    select.value = value;
    select.dispatchEvent(new Event('change'));
    return element.updateComplete;
  };

  describe('its rows', () => {
    it('are worst first, in the words of the presenter', async () => {
      const element = await show();
      expect(titles(element)).to.deep.equal([
        'Stuck run',
        'Late run',
        'Failed run',
        'Reconciled run',
        'Fresh run',
        'Queued run',
        'Done run',
      ]);
      const rows = element.view?.runs ?? [];
      const words = rows.map(({ run, freshness }) => present(run, freshness, T0));
      // The badge names the state: a row says more only where there is more to say.
      const [worst, second] = [...words].sort((a, b) => Number(b.tone === 'danger') - Number(a.tone === 'danger'));
      expect(partsOf(element, 'about').length).to.be.lessThan(rows.length);
      expect(partsOf(element, 'about')[0]).to.be.oneOf([worst?.headline, second?.headline]);
      expect(new Set(partsOf(element, 'badge'))).to.deep.equal(new Set(words.map(({ label }) => label)));
    });

    it('are one line of 40 px at most, and leave out what matters least before they become cards', async () => {
      const host = document.createElement('div');
      document.body.append(host);
      const element = await mount(OpsList, { report: report(...ALL), timeZone: 'UTC', announce: 'off' }, host);
      const columns = () =>
        [...(element.shadowRoot?.querySelectorAll('thead th') ?? [])]
          .filter((header) => header.checkVisibility())
          .map((header) => header.getAttribute('data-of'));
      for (const [width, shown] of [
        [1100, ['severity', 'title', 'tenant', 'progress', 'duration', 'started']],
        [780, ['severity', 'title', 'tenant', 'progress', 'duration']],
        [640, ['severity', 'title', 'progress', 'duration']],
        [560, ['severity', 'title', 'duration']],
      ] as const) {
        host.style.width = `${width}px`;
        expect(columns(), `${width} px`).to.deep.equal(shown);
        const rows = [...(element.shadowRoot?.querySelectorAll('tr.row') ?? [])];
        expect(Math.max(...rows.map((row) => row.getBoundingClientRect().height))).to.be.within(34, 40);
        expect(element.scrollWidth).to.be.at.most(width);
      }
      host.remove();
    });

    it('are a table with a caption, row headers and a sorted column', async () => {
      const element = await show();
      expect(find(element, 'caption').textContent?.trim()).to.equal('Operations: All');
      expect(find(element, 'tbody th').getAttribute('scope')).to.equal('row');
      expect(find(element, '[aria-sort]').textContent).to.contain('State');
      expect(find(element, '[aria-sort]').getAttribute('aria-sort')).to.equal('descending');
    });

    it('are sorted by the header of a column, and turned by it again', async () => {
      const element = await show();
      const headers = [...(element.shadowRoot?.querySelectorAll<HTMLButtonElement>('[part="sort-button"]') ?? [])];
      headers.find(({ textContent }) => textContent?.includes('Operation'))?.click();
      await element.updateComplete;
      expect(titles(element)[0]).to.equal('Done run');
      expect(find(element, '[aria-sort]').getAttribute('aria-sort')).to.equal('ascending');
      find<HTMLButtonElement>(element, '[aria-sort] button').click();
      await element.updateComplete;
      expect(titles(element)[0]).to.equal('Stuck run');
      expect(find(element, '[aria-sort]').getAttribute('aria-sort')).to.equal('descending');
    });

    it('of another tenant are never shown', async () => {
      const element = await show({ tenant: '7', report: report(stuck, foreign) });
      expect(titles(element)).to.deep.equal(['Stuck run']);
      expect(partsOf(element, 'notice').join()).to.contain('1 row of another tenant withheld');
    });
  });

  describe('its tabs', () => {
    it('count the rows of the same snapshot', async () => {
      const element = await show();
      expect(partsOf(element, 'tab')).to.deep.equal([
        'All 7',
        'Active 4',
        'Needs attention 2',
        'Follow-up 2',
        'Completed 3',
      ]);
      for (const name of ['all', 'active', 'active_stale_attention', 'terminal_follow_up', 'completed']) {
        tab(element, name).click();
        await element.updateComplete;
        const count = tab(element, name).querySelector('[part="tab-count"]')?.textContent;
        expect(String(titles(element).length), name).to.equal(count);
      }
    });

    it('are one stop of the keyboard, with arrows, Home and End between them', async () => {
      const element = await show();
      const stops = () => [...(element.shadowRoot?.querySelectorAll('[role=tab][tabindex="0"]') ?? [])];
      expect(stops().map(({ id }) => id)).to.deep.equal(['tab-all']);
      tab(element, 'all').focus();
      for (const [key, id] of [
        ['ArrowRight', 'tab-active'],
        ['End', 'tab-completed'],
        ['ArrowLeft', 'tab-terminal_follow_up'],
        ['Home', 'tab-all'],
      ] as const) {
        press(active(element), key);
        await element.updateComplete;
        await Promise.resolve();
        expect(active(element)?.id).to.equal(id);
        expect(stops().map((stop) => stop.id)).to.deep.equal([id]);
      }
    });

    it('keep the tenant of the link, whatever is clicked', async () => {
      const seen: RunFilter[] = [];
      const filter: RunFilter = {
        ...DEFAULT_FILTER,
        tenantId: '7',
        tab: 'active_stale_attention',
        problemClass: 'active_stale_attention',
      };
      const element = await show({ filter, report: report(...ALL, foreign) });
      element.addEventListener('ops-filter-change', (event) => seen.push(event.filter));
      expect(titles(element)).to.deep.equal(['Stuck run', 'Late run']);
      for (const name of ['completed', 'active', 'all']) {
        tab(element, name).click();
        await element.updateComplete;
      }
      await choose(element, 'State', 'late');
      find<HTMLButtonElement>(element, '[part="clear"]').click();
      await element.updateComplete;
      expect(titles(element)).not.to.contain('Of another tenant');
      expect(new Set(seen.map(({ tenantId }) => tenantId))).to.deep.equal(new Set(['7']));
      expect(titles(element)).to.have.length(ALL.length);
    });
  });

  describe('its filters', () => {
    const other = {
      ...late,
      id: 'x',
      title: 'Export',
      type: 'export',
      source: 'ci',
      tenant: { id: '8', name: 'Contoso' },
    };
    const cases = [
      { label: 'State', value: 'likely_stale', expected: ['Stuck run'] },
      { label: 'Problem', value: 'terminal_follow_up', expected: ['Failed run', 'Reconciled run'] },
      { label: 'Type', value: 'export', expected: ['Export'] },
      { label: 'Source', value: 'ci', expected: ['Export'] },
      { label: 'Tenant', value: '8', expected: ['Export'] },
      {
        label: 'Time',
        value: '3600000',
        expected: ['Failed run', 'Reconciled run', 'Fresh run', 'Queued run', 'Done run'],
      },
    ];
    for (const { label, value, expected } of cases) {
      it(`${label} lets through what it says, and says that it filters`, async () => {
        const element = await show({ report: report(...ALL, other) });
        await choose(element, label, value);
        expect(titles(element)).to.deep.equal(expected);
        if (label !== 'Tenant') expect(isState(element, 'filtered')).to.equal(true);
      });
    }

    it('find text', async () => {
      const element = await show();
      const search = find<HTMLInputElement>(element, 'input[type=search]');
      search.value = 'stuck';
      search.dispatchEvent(new Event('input'));
      await element.updateComplete;
      expect(titles(element)).to.deep.equal(['Stuck run']);
    });

    it('are removed one by one, also if the controls are folded away', async () => {
      const filter = {
        ...DEFAULT_FILTER,
        state: 'likely_stale',
        q: 'run',
        tenantId: '7',
        workspaceId: 'w1',
        since: T0 - 86_400_000,
      } as const;
      const element = await show({ filter });
      expect(partsOf(element, 'chip')).to.deep.equal([
        'Search: run ×',
        'State: Likely stuck ×',
        'Tenant: Fabrikam ×',
        'Workspace: w1 ×',
        'Time: Since 22 Nov, 12:00 ×',
      ]);
      const [, state] = [...(element.shadowRoot?.querySelectorAll<HTMLButtonElement>('.chip') ?? [])];
      expect(state?.getAttribute('aria-label')).to.equal('Remove the filter State: Likely stuck');
      await expectAccessible(element);
      // As by the keyboard: the focus must go somewhere.
      state?.focus();
      state?.dispatchEvent(new MouseEvent('click', { detail: 0 }));
      await element.updateComplete;
      expect(filterToSearch(element.filter ?? DEFAULT_FILTER)).to.equal(
        filterToSearch({ ...filter, state: undefined }),
      );
      expect(active(element)?.localName).to.equal('input');
      find<HTMLButtonElement>(element, '[part=clear]').click();
      await element.updateComplete;
      // The tenant and the workspace are removed by their own chips only.
      expect(partsOf(element, 'chip')).to.deep.equal(['Tenant: Fabrikam ×', 'Workspace: w1 ×']);
      const [, workspace] = [...(element.shadowRoot?.querySelectorAll<HTMLButtonElement>('.chip') ?? [])];
      workspace?.click();
      await element.updateComplete;
      expect(partsOf(element, 'chip')).to.deep.equal(['Tenant: Fabrikam ×']);
      expect(element.shadowRoot?.querySelector('[part=clear]')).to.equal(null);
      tab(element, 'active_stale_attention').click();
      element.filter = { ...DEFAULT_FILTER, tab: 'active_stale_attention', problemClass: 'active_stale_attention' };
      await element.updateComplete;
      expect(partsOf(element, 'chip')).to.deep.equal([]);
    });

    it('say so when nothing passes, and when there is nothing at all', async () => {
      const element = await show({ filter: { ...DEFAULT_FILTER, q: 'nothing like it' } });
      expect(partsOf(element, 'empty')).to.deep.equal(['No matching operations.']);
      element.report = report();
      element.filter = undefined;
      await element.updateComplete;
      expect(partsOf(element, 'empty')).to.deep.equal(['There are no operations yet.']);
    });

    it('claim nothing if rows are missing', async () => {
      const element = await show({ report: report({ id: 'unreadable' }) });
      expect(partsOf(element, 'empty')).to.deep.equal([]);
      expect(partsOf(element, 'notice')).to.deep.equal(['1 row could not be read.']);
      expect(partsOf(element, 'tab-count')[0]).to.equal('0+');
    });

    it('change nothing if the host prevents it', async () => {
      const element = await show();
      element.addEventListener('ops-filter-change', (event) => event.preventDefault());
      tab(element, 'active').click();
      await choose(element, 'State', 'late');
      expect(titles(element)).to.have.length(7);
      expect(tab(element, 'all').getAttribute('aria-selected')).to.equal('true');
      expect(find<HTMLSelectElement>(element, 'details select').value).to.equal('');
    });

    it('are read from an attribute', async () => {
      const element = await show();
      element.setAttribute('filter', 'activeTab=active&q=queued');
      await element.updateComplete;
      expect(titles(element)).to.deep.equal(['Queued run']);
    });
  });

  describe('its URL', () => {
    it('is not changed by default', async () => {
      const element = await show();
      tab(element, 'active').click();
      await element.updateComplete;
      expect(location.href).to.equal(START);
    });

    it('opens the slice of a link, and writes the same link', async () => {
      const search = 'tenant_id=7&activeTab=active_stale_attention&problemClass=active_stale_attention';
      history.replaceState(null, '', `?other=1&${search}`);
      const element = await show({ syncUrl: 'replace' });
      expect(titles(element)).to.deep.equal(['Stuck run', 'Late run']);
      tab(element, 'completed').click();
      await element.updateComplete;
      expect(location.search).to.equal('?other=1&tenant_id=7&activeTab=completed');
    });

    it('goes back to the previous slice, with its page', async () => {
      const element = await show({ syncUrl: 'push', urlPrefix: 'ops-', pageSize: 2 });
      find<HTMLButtonElement>(element, '[part=next]').click();
      await element.updateComplete;
      expect(location.search).to.contain('ops-page=2');
      const second = titles(element);
      tab(element, 'active').click();
      await element.updateComplete;
      expect(new URLSearchParams(location.search).get('ops-activeTab')).to.equal('active');
      history.back();
      await new Promise((resolve) => addEventListener('popstate', resolve, { once: true }));
      await element.updateComplete;
      expect(titles(element)).to.deep.equal(second);
      expect(tab(element, 'all').getAttribute('aria-selected')).to.equal('true');
    });
  });

  describe('its pages', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({ ...done, id: `d${index}`, ended_at: ago(100 + index) }));

    it('hold 25 rows, at most 100, and say which', async () => {
      const element = await show({ report: report(...many) });
      expect(titles(element)).to.have.length(25);
      expect(partsOf(element, 'page-info')).to.deep.equal(['1–25 of 30']);
      element.pageSize = 1000;
      element.report = report(...many.flatMap((run) => [0, 1, 2, 3].map((n) => ({ ...run, id: `${run.id}-${n}` }))));
      await element.updateComplete;
      expect(titles(element)).to.have.length(100);
    });

    it('turn, unless the host prevents it', async () => {
      const element = await show({ report: report(...many) });
      const next = () => find<HTMLButtonElement>(element, '[part=next]');
      next().click();
      await element.updateComplete;
      expect(partsOf(element, 'page-info')).to.deep.equal(['26–30 of 30']);
      expect(next().getAttribute('aria-disabled')).to.equal('true');
      const pages: number[] = [];
      element.addEventListener('ops-page-change', (event) => {
        pages.push(event.page);
        event.preventDefault();
      });
      find<HTMLButtonElement>(element, '[part=prev]').click();
      await element.updateComplete;
      expect(pages).to.deep.equal([1]);
      expect(partsOf(element, 'page-info')).to.deep.equal(['26–30 of 30']);
    });
  });

  describe('the keyboard', () => {
    it('goes from row to row, and opens one', async () => {
      const element = await show();
      const opened: string[] = [];
      element.addEventListener('ops-navigate', (event) => {
        event.preventDefault();
        opened.push(event.href);
      });
      const rows = [...(element.shadowRoot?.querySelectorAll<HTMLElement>('tr.row') ?? [])];
      expect(rows.filter(({ tabIndex }) => tabIndex === 0)).to.deep.equal([rows[0]]);
      rows[0]?.focus();
      press(active(element), 'ArrowDown');
      await element.updateComplete;
      expect(active(element)).to.equal(rows[1]);
      expect(rows[1]?.tabIndex).to.equal(0);
      press(active(element), 'End');
      expect(active(element)).to.equal(rows.at(-1));
      press(active(element), 'Home');
      press(active(element), 'Enter');
      expect(opened).to.deep.equal(['/runs/stuck']);
    });

    it('moves to a run by its id, on whatever page it is', async () => {
      const element = await show({ pageSize: 2 });
      expect(await element.focusRow('fresh')).to.equal(true);
      expect(active(element)?.textContent).to.contain('Fresh run');
      expect(partsOf(element, 'page-info')).to.deep.equal(['5–6 of 7']);
      expect(await element.focusRow('nobody')).to.equal(false);
    });

    it('stays on its row through a refresh, and goes to the next one when the row is gone', async () => {
      const store = new ReportStore();
      store.push(report(...ALL));
      const element = await show({ store, report: undefined });
      await element.focusRow('late');
      const row = active(element);
      store.push(report(...ALL.map((run) => ({ ...run }))));
      await element.updateComplete;
      expect(active(element)).to.equal(row);
      store.push(report(...ALL.filter(({ id }) => id !== 'late')));
      await element.updateComplete;
      expect(active(element)?.textContent).to.contain('Failed run');
    });
  });

  describe('a row', () => {
    const followed = (element: OpsList) => {
      const hrefs: string[] = [];
      element.addEventListener('ops-navigate', (event) => {
        event.preventDefault();
        hrefs.push(event.href);
      });
      return hrefs;
    };
    const press = (key: string, target: Element | null) =>
      target?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true }));

    it('is one tab stop with a name; arrows reach its links, Enter opens it', async () => {
      const element = await show({ runHref: '/runs/{id}' });
      const hrefs = followed(element);
      const rows = [...(element.shadowRoot?.querySelectorAll<HTMLElement>('tr.row') ?? [])];
      const stops = [...(element.shadowRoot?.querySelectorAll<HTMLElement>('tbody a, tbody tr') ?? [])];
      expect(stops.filter(({ tabIndex }) => tabIndex === 0)).to.have.length(1);
      expect(rows[0]?.getAttribute('aria-label')).to.equal('Stuck run, Likely stuck: No heartbeat for 3 h 8 min');
      rows[0]?.focus();
      press('Enter', active(element));
      press('ArrowRight', active(element));
      expect(active(element)?.localName).to.equal('a');
      press('ArrowLeft', active(element));
      expect(active(element)).to.equal(rows[0]);
      press('ArrowDown', active(element));
      expect(active(element)).to.equal(rows[1]);
      expect(hrefs).to.deep.equal(['/runs/stuck']);
    });

    it('is opened by a click beside its links, but not by marking its text', async () => {
      const element = await show({ runHref: '/runs/{id}' });
      const hrefs = followed(element);
      find<HTMLElement>(element, 'tbody td').click();
      expect(hrefs).to.deep.equal(['/runs/stuck']);
      find<HTMLElement>(element, 'tbody a.title').click();
      expect(hrefs).to.have.length(2);
    });
  });

  describe('new rows', () => {
    // Before the others in their order, and no problem.
    const arrival = (id: string) => ({ ...failed, id, title: `New ${id}`, ended_at: ago(1) });
    const problem = { ...stuck, id: 'c', title: 'New problem', started_at: ago(90_000), heartbeat_at: ago(80_000) };
    const reading = async () => {
      const store = new ReportStore();
      store.push(report(...ALL));
      const element = await show({ store, report: undefined });
      await element.focusRow('late');
      const before = titles(element);
      store.push(report(...ALL, arrival('a'), arrival('b')));
      await element.updateComplete;
      return { element, store, before };
    };

    it('wait while the rows are read, and are counted', async () => {
      const { element, before } = await reading();
      expect(titles(element)).to.deep.equal(before);
      expect(partsOf(element, 'new-rows-button')).to.deep.equal(['2 new']);
      expect(isState(element, 'has-pending-rows')).to.equal(true);
      await expectAccessible(element);
    });

    it('appear when their button is pressed', async () => {
      const { element } = await reading();
      find<HTMLButtonElement>(element, '[part=new-rows-button]').click();
      await element.updateComplete;
      expect(titles(element)).to.include.members(['New a', 'New b']);
      expect(isState(element, 'has-pending-rows')).to.equal(false);
    });

    it('appear when nobody reads the rows any more', async () => {
      const { element } = await reading();
      (active(element) as HTMLElement).blur();
      await new Promise((resolve) => setTimeout(resolve, 20));
      await element.updateComplete;
      expect(titles(element)).to.include('New a');
    });

    it('do not wait if they are a problem: they come first, and what is read stays where it is', async () => {
      const { element, store, before } = await reading();
      const box = document.createElement('div');
      Object.assign(box.style, { blockSize: '120px', overflowY: 'auto' });
      element.before(box);
      box.append(element);
      await element.updateComplete;
      await element.focusRow('late');
      const row = active(element) as HTMLElement;
      row.scrollIntoView();
      const { top } = row.getBoundingClientRect();
      store.push(report(...ALL, arrival('d'), problem));
      await element.updateComplete;
      expect(titles(element)[0]).to.equal('New problem');
      expect(titles(element)).to.include.members([...before]);
      expect(titles(element)).not.to.include('New d');
      expect(active(element)).to.equal(row);
      expect(row.getBoundingClientRect().top).to.be.closeTo(top, 1);
      // The button is beside the tabs: it covers no row.
      const button = find(element, '[part=new-rows-button]').getBoundingClientRect();
      expect(button.bottom).to.be.at.most(find(element, 'table').getBoundingClientRect().top);
      box.remove();
    });

    it('do not wait either if they were listed and become a problem on another page', async () => {
      const store = new ReportStore();
      const others = Array.from({ length: 30 }, (_, index) => ({ ...fresh, id: `f${index}`, title: `Run ${index}` }));
      store.push(report(...others));
      const element = await show({ store, report: undefined, pageSize: 5 });
      await element.focusRow('f2');
      store.push(report(...others.map((run) => (run.id === 'f29' ? { ...stuck, id: 'f29', title: 'Run 29' } : run))));
      await element.updateComplete;
      expect(titles(element)[0]).to.equal('Run 29');
      expect(titles(element)).to.have.length(6);
    });

    it('wait for a selection too', async () => {
      const store = new ReportStore();
      store.push(report(...ALL));
      const element = await show({ store, report: undefined });
      const cell = find(element, '[part=about]');
      getSelection()?.setBaseAndExtent(cell, 0, cell, 1);
      store.push(report(...ALL, arrival('a')));
      await element.updateComplete;
      expect(partsOf(element, 'new-rows-button')).to.deep.equal(['1 new']);
      getSelection()?.removeAllRanges();
    });

    it('do not wait when nobody reads; a row that changes does so in its place', async () => {
      const { element, store } = await reading();
      store.push(
        report(...ALL.map((run) => (run.id === 'fresh' ? { ...done, id: 'fresh', title: 'Fresh run' } : run))),
      );
      await element.updateComplete;
      const index = titles(element).indexOf('Fresh run');
      expect(index).to.equal(4);
      expect(partsOf(element, 'badge')[index]).to.equal('Succeeded');
    });
  });

  for (const [what, damage] of [
    ['is nothing', () => null],
    ['has no run', (row: object) => ({ ...row, run: undefined })],
    ['has no verdict', (row: object) => ({ ...row, freshness: null })],
    ['has an unknown problem class', (row: object) => ({ ...row, problem_class: 'banana' })],
    [
      'has an unknown clock',
      (row: { freshness: object }) => ({ ...row, freshness: { ...row.freshness, clock: 'sundial' } }),
    ],
  ] as const) {
    it(`shows the other rows of a report in which one ${what}, and reports that one`, async () => {
      const rows = [stuck, late, fresh].map((row) => {
        const parsed = parseRun(row, 'api');
        if (!parsed.ok) throw new Error(parsed.issue.reason);
        return reportRun({ run: parsed.run, freshness: classify(parsed.run, createPolicy({ version: 1 }), T0) }, T0);
      });
      const [first, ...others] = rows;
      if (first === undefined) throw new Error('There is no row.');
      const element = await show({
        report: { schema: 'tardy.report/1', now: ago(0), complete: true, runs: [damage(first), ...others] },
      });
      expect(titles(element)).to.deep.equal(['Late run', 'Fresh run']);
      expect(partsOf(element, 'notice')[0]).to.contain(enSurfaces.view.unreadable(1));
    });
  }

  it('is short when compact: the newest runs, no tabs, a link to all', async () => {
    const element = await show({ density: 'compact', pageSize: 3, tenant: '7' });
    expect(titles(element)).to.have.length(3);
    expect(partsOf(element, 'tab')).to.deep.equal([]);
    expect(find<HTMLAnchorElement>(element, '[part=more]').getAttribute('href')).to.equal(
      `/ops?${filterToSearch({ ...DEFAULT_FILTER, tenantId: '7' })}`,
    );
    await expectAccessible(element);
  });

  it('shows its rows as cards if there is little room', async () => {
    const host = document.createElement('div');
    host.style.width = '320px';
    document.body.append(host);
    const element = await mount(OpsList, { report: report(...ALL), timeZone: 'UTC', announce: 'off' }, host);
    for (let tries = 0; tries < 100 && !isState(element, 'narrow'); tries++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isState(element, 'narrow')).to.equal(true);
    expect(getComputedStyle(find(element, 'thead')).display).to.equal('none');
    expect(element.scrollWidth).to.be.at.most(320);
    await expectAccessible(element);
    host.remove();
  });

  it('speaks German', async () => {
    addCatalogue({ messages: de, surfaces: deSurfaces });
    const element = await show({ lang: 'de' });
    expect(partsOf(element, 'tab')[2]).to.equal('Braucht Aufmerksamkeit 2');
    expect(partsOf(element, 'badge')[0]).to.equal('Hängt vermutlich');
  });

  for (const scheme of ['light', 'dark']) {
    for (const dir of ['ltr', 'rtl']) {
      it(`is accessible: ${scheme}, ${dir}`, async () => {
        const element = await show();
        element.style.colorScheme = scheme;
        element.style.background = scheme === 'dark' ? '#0e1117' : '#fff';
        element.dir = dir;
        expect(titles(element)).to.contain('Stuck run');
        await expectAccessible(element);
      });
    }
  }

  it('shows 10,000 runs at once, and flips one without a long task', async () => {
    const states = [done, fresh, stuck, failed, late, queued];
    const runs = Array.from({ length: 10_000 }, (_, index) => ({ ...states[index % 6], id: `r${index}` }));
    const store = new ReportStore();
    store.push(report(...runs));
    await environment.idle();
    const from = performance.now();
    const element = await show({ store, report: undefined });
    const took = performance.now() - from;
    expect(element.shadowRoot?.querySelectorAll('tr.row')).to.have.length(25);
    expect(partsOf(element, 'page-info')).to.deep.equal(['1–25 of 10,000']);
    // Generous: the machine of a test is slow and shared. The measurements are in the benchmark.
    expect(took).to.be.below(1000);
  });
});
