import { expect } from '@esm-bundle/chai';
import { LitElement, html } from 'lit';
import { de, deSurfaces } from '@tardy/core/messages/de';
import { T0, TestEnvironment } from '../test-environment.js';
import { expectAccessible, mount, partsOf, unmountAll } from '../test-fixture.js';
import { fresh, stuck, young } from '../test-runs.js';
import { OpsAttention } from '../ops-attention/ops-attention.js';
import { OpsKpis } from '../ops-kpis/ops-kpis.js';
import { RunProgress } from '../run-progress/run-progress.js';
import { currentPage } from '../store/page.js';
import { addCatalogue } from './catalogue.js';
import { defineElement } from './define-element.js';
import '../define.js';

describe('an element is embedded', () => {
  beforeEach(() => {
    void new TestEnvironment();
  });

  afterEach(unmountAll);

  const report = (...runs: readonly unknown[]) => ({ runs, now: new Date(T0).toISOString() });

  it('under another tag, and twice without throwing', () => {
    defineElement('run-progress', RunProgress);
    defineElement('run-progress', class extends HTMLElement {});
    defineElement('acme-progress', RunProgress);
    expect(customElements.get('run-progress')).to.equal(RunProgress);
    expect(document.createElement('acme-progress')).to.be.instanceOf(RunProgress);
  });

  it('inside another shadow root, in the language of the page around it', async () => {
    addCatalogue({ messages: de, surfaces: deSurfaces });
    class HostCard extends LitElement {
      protected override render() {
        return html`<run-progress .report=${report(stuck)} announce="off"></run-progress>`;
      }
    }
    customElements.define('host-card', HostCard);
    const around = document.createElement('div');
    around.lang = 'de-AT';
    const host = new HostCard();
    around.append(host);
    document.body.append(around);
    await host.updateComplete;
    const inner = host.shadowRoot?.querySelector('run-progress');
    await inner?.updateComplete;
    expect(inner && partsOf(inner, 'badge')).to.deep.equal(['Hängt vermutlich']);
    expect(inner && partsOf(inner, 'heading')).to.deep.equal(['Aktive Läufe']);
    around.remove();
  });

  it('in its own language, when that changes too', async () => {
    addCatalogue({ messages: de, surfaces: deSurfaces });
    const element = await mount(RunProgress, { report: report(stuck), lang: 'de', announce: 'off' });
    expect(partsOf(element, 'badge')).to.deep.equal(['Hängt vermutlich']);
    element.lang = 'en';
    await element.updateComplete;
    expect(partsOf(element, 'badge')).to.deep.equal(['Likely stuck']);
  });

  it('with data inside, which is replaced, edited, removed and put back', async () => {
    const element = new OpsAttention();
    const json = (...runs: readonly unknown[]) =>
      `<script type="application/json">${JSON.stringify(report(...runs))}</script>`;
    const titles = async () => {
      await new Promise((resolve) => setTimeout(resolve));
      await element.updateComplete;
      return partsOf(element, 'title');
    };
    document.body.append(element);
    element.innerHTML = json(stuck);
    expect(await titles()).to.deep.equal(['Stuck run']);
    element.innerHTML = json({ ...stuck, title: 'Replaced' });
    expect(await titles()).to.deep.equal(['Replaced']);
    const text = element.querySelector('script')?.firstChild ?? new Text();
    text.nodeValue = JSON.stringify(report({ ...stuck, title: 'Edited' }));
    expect(await titles()).to.deep.equal(['Edited']);
    element.innerHTML = '';
    expect(await titles()).to.deep.equal([]);
    element.innerHTML = json(stuck);
    expect(await titles()).to.deep.equal(['Stuck run']);
    element.remove();
  });

  it('right to left', async () => {
    document.documentElement.dir = 'rtl';
    const run = { ...fresh, progress: { processed: 1, total: 4 } };
    const element = await mount(RunProgress, { report: report(run), announce: 'off' });
    const fill = element.shadowRoot?.querySelector('rect')?.getBoundingClientRect();
    const bar = element.shadowRoot?.querySelector('[role=progressbar]')?.getBoundingClientRect();
    expect(Math.round(fill?.right ?? 0)).to.equal(Math.round(bar?.right ?? 1));
    expect(fill?.width).to.be.closeTo((bar?.width ?? 0) / 4, 1);
    document.documentElement.removeAttribute('dir');
  });

  it('with slotted words of the host, and its fallback until there is data', async () => {
    const element = new OpsAttention();
    element.innerHTML = '<p>Server-rendered table</p><h3 slot="heading">Ours</h3><p slot="empty">Quiet</p>';
    document.body.append(element);
    await element.updateComplete;
    expect(element.querySelector('p')?.checkVisibility()).to.equal(true);
    element.report = report(fresh);
    await element.updateComplete;
    expect(element.querySelector('p')?.assignedSlot).to.equal(null);
    expect(element.querySelector('h3')?.checkVisibility()).to.equal(true);
    expect(element.querySelector('[slot=empty]')?.checkVisibility()).to.equal(true);
    await expectAccessible(element);
    element.remove();
  });

  it('next to another copy of the code, sharing its stores', async () => {
    const copy = new URL('../store/page.ts?copy', import.meta.url).href;
    const other = (await import(copy)) as { currentPage: typeof currentPage };
    expect(other.currentPage).to.not.equal(currentPage);
    expect(other.currentPage()).to.equal(currentPage());
  });

  it('and moved, without taking old data for new', async () => {
    const environment = currentPage().environment as TestEnvironment;
    const element = await mount(RunProgress, { report: report(young), announce: 'off' });
    await environment.advance(30_000);
    const box = document.createElement('div');
    document.body.append(box);
    box.append(element);
    await element.updateComplete;
    expect(partsOf(element, 'headline')[0]).to.contain('Running for 40 s');
    await environment.advance(100_000);
    expect(partsOf(element, 'notice')[0]).to.contain('not updating');
    box.remove();
  });

  for (const [listHref, href] of [
    ['/ops', '/ops?activeTab=active'],
    ['/ops?', '/ops?activeTab=active'],
    ['/ops?view=x&activeTab=all', '/ops?view=x&activeTab=active'],
    ['/app#/ops', '/app?activeTab=active#/ops'],
    ['/app?a=1#top', '/app?a=1&activeTab=active#top'],
    ['?x', '?x&activeTab=active'],
    ['#top', '?activeTab=active#top'],
  ] as const) {
    it(`with a list at ${listHref}`, async () => {
      const element = await mount(OpsKpis, { report: report(stuck), announce: 'off', listHref });
      expect(element.shadowRoot?.querySelector('a')?.getAttribute('href')).to.equal(href);
    });
  }

  it('with a host callback that throws, without breaking', async () => {
    const element = await mount(RunProgress, {
      report: report(stuck),
      announce: 'off',
      hrefFor: () => {
        throw new Error('host');
      },
    });
    expect(partsOf(element, 'title')).to.deep.equal(['Stuck run']);
  });
});
