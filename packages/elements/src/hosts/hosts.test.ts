import { expect } from '@esm-bundle/chai';
import type { OpsElement } from '../shared/ops-element.js';
import { currentPage, replacePage } from '../store/page.js';
import { partsOf } from '../test-fixture.js';
import type * as ReactPage from './test-react-page.js';
import type * as VuePage from './test-vue-page.js';
import '../define.js';

const TAGS = ['run-progress', 'ops-kpis', 'ops-attention', 'ops-list', 'run-detail'] as const;

const now = '2026-11-23T12:00:00Z';
const stuck = {
  id: 'a',
  type: 't',
  title: 'Stuck run',
  status: 'running',
  started_at: '2026-11-23T08:40:00Z',
  heartbeat_at: '2026-11-23T08:52:00Z',
};
const young = { id: 'b', type: 't', title: 'Young run', status: 'running', started_at: '2026-11-23T11:58:00Z' };

describe('the elements in pages of hosts', () => {
  let box: HTMLElement;

  beforeEach(() => {
    box = document.createElement('div');
    document.body.append(box);
  });

  afterEach(() => {
    box.remove();
    for (const region of document.querySelectorAll('.ops-announcer')) region.remove();
    replacePage(undefined);
  });

  for (const tag of TAGS) {
    it(`${tag}: the example of its documentation works as it is`, async () => {
      const { contentDocument } = await frame(`/host-example/${tag}`, box);
      const element = await drawn(contentDocument?.querySelector<OpsElement>(tag));
      expect(element.shadowRoot?.textContent).to.match(/stuck/i);
      expect(element.matches(':state(live)')).to.equal(true);
    });
  }

  const frameworks = {
    'React 19': async () =>
      (await bundle<typeof ReactPage>('hosts/test-react-page.tsx')).mountReact(box, { now, runs: [stuck] }, now),
    'Vue 3': async () =>
      (await bundle<typeof VuePage>('hosts/test-vue-page.ts')).mountVue(box, { now, runs: [stuck] }, now),
  };
  for (const [name, mountIn] of Object.entries(frameworks)) {
    it(`${name}: properties, attributes, slots and events arrive, and again after an update`, async () => {
      const page = await mountIn();
      const progress = await drawn(box.querySelector('run-progress'));
      expect(progress.timeZone).to.equal('UTC');
      expect(partsOf(progress, 'title')).to.deep.equal(['Stuck run']);
      expect(box.querySelector('h3')?.assignedSlot?.name).to.equal('heading');
      const list = await drawn(box.querySelector('ops-list'));
      expect(list.density).to.equal('compact');
      expect(list.className).to.equal('recent');
      progress.shadowRoot?.querySelector<HTMLElement>('[part~=title] a, a[part~=title]')?.click();
      expect(page.followed.map((href) => new URL(href, location.href).pathname)).to.deep.equal(['/runs/a']);
      await page.show({ now, runs: [stuck, young] });
      await progress.updateComplete;
      expect(partsOf(progress, 'title')).to.deep.equal(['Stuck run', 'Young run']);
      page.unmount();
      expect(box.querySelector('run-progress')).to.equal(null);
    });
  }

  it('two bundles on one page: the second definition does not throw, and both share one store', async () => {
    const copy = await bundle<typeof VuePage>('hosts/test-vue-page.ts');
    copy.defineCopy('copied-progress');
    expect(customElements.get('copied-progress')).to.not.be.instanceOf(customElements.get('run-progress'));
    const body = { runs: [{ ...young, started_at: new Date().toISOString() }], now: '$now' };
    await fetch('/scripted/two-bundles', { method: 'POST', body: JSON.stringify({ '/runs': [{ body }] }) });
    for (const tag of ['run-progress', 'copied-progress', 'run-progress'])
      box.append(Object.assign(document.createElement(tag), { src: '/scripted/two-bundles' }));
    expect(box.children).to.have.length(3);
    await until(() => [...box.children].every((child) => partsOf(child, 'title')[0] === 'Young run'));
    expect(copy.pageOfBundle()).to.equal(currentPage());
    expect(currentPage().stores.size).to.equal(1);
    const log = (await (await fetch('/scripted/two-bundles/log')).json()) as { path: string }[];
    expect(log.filter(({ path }) => path === '/runs')).to.have.length(1);
  });

  it('drawn by a server: the browser takes it over without drawing anything again', async () => {
    const { contentWindow } = await frame('/host-server', box);
    const inside = contentWindow as unknown as Window & {
      drawn: { html: string; nodes: Element[] }[];
      errors: string[];
      ready: Promise<unknown>;
    };
    await inside.ready;
    const elements = [...inside.document.querySelectorAll<OpsElement>('[data-element]')];
    expect(elements.map(({ localName }) => localName)).to.have.members([...TAGS]);
    for (const [index, element] of elements.entries()) {
      await element.updateComplete;
      const before = inside.drawn[index];
      expect(element.shadowRoot?.textContent, element.localName).to.match(/stuck/i);
      expect([...(element.shadowRoot?.querySelectorAll('*') ?? [])], element.localName).to.deep.equal(before?.nodes);
      expect(element.shadowRoot?.innerHTML, element.localName).to.equal(before?.html);
      // Lit trusts the values that it finds: only what the browser draws by itself shows whether they are correct.
      const own = element.cloneNode(true) as OpsElement;
      element.after(own);
      await own.updateComplete;
      expect(visible(element), element.localName).to.deep.equal(visible(own));
    }
    expect(inside.errors).to.deep.equal([]);
  });

  // A server writes the styles into the page. With a nonce they apply; otherwise the element brings its own when it wakes up.
  const policies = { strict: TAGS.map(() => 'style-src-elem'), nonce: [] };
  for (const [policy, forbidden] of Object.entries(policies)) {
    it(`drawn by a server under a strict policy (${policy}): styled, and alive`, async () => {
      const { contentWindow } = await frame(`/host-server?policy=${policy}`, box);
      const inside = contentWindow as unknown as Window & { violations: string[]; ready: Promise<unknown> };
      const elements = [...inside.document.querySelectorAll<OpsElement>('[data-element]')];
      await inside.ready;
      expect(elements).to.have.length(TAGS.length);
      for (const element of elements) {
        await element.updateComplete;
        expect(inside.getComputedStyle(element).containerType, element.localName).to.equal('inline-size');
        element.lang = 'en-GB';
        await element.updateComplete;
        expect(element.shadowRoot?.textContent, element.localName).to.match(/stuck/i);
      }
      expect(elements).to.have.length(TAGS.length);
      expect(inside.violations).to.deep.equal(forbidden);
    });
  }
});

/** What is drawn: each element with its attributes, in no order, and the text. A server brings the styles along. */
function visible({ shadowRoot }: Element): string[] {
  const copy = document.createElement('div');
  copy.innerHTML = shadowRoot?.innerHTML ?? '';
  for (const style of copy.querySelectorAll('style')) style.remove();
  // Set as a property, which a server can only write as an attribute.
  for (const input of copy.querySelectorAll('input')) input.removeAttribute('value');
  const elements = [...copy.querySelectorAll('*')].map(({ localName, attributes }) =>
    [localName, ...[...attributes].map(({ name, value }) => `${name}=${value}`).sort()].join(' '),
  );
  return [...elements, ...(copy.textContent ?? '').trim().split(/\s+/)];
}

function bundle<T>(path: string): Promise<T> {
  return import(new URL(`/host-bundle/${path}`, location.href).href) as Promise<T>;
}

async function frame(src: string, box: Element): Promise<HTMLIFrameElement> {
  const page = document.createElement('iframe');
  page.width = '1000';
  page.src = src;
  box.append(page);
  await new Promise((resolve) => page.addEventListener('load', resolve, { once: true }));
  return page;
}

async function drawn<T extends OpsElement>(element: T | null | undefined): Promise<T> {
  if (element === null || element === undefined) throw new Error('The element is not on the page.');
  await element.updateComplete;
  return element;
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !isSo(); tries++) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(isSo()).to.equal(true);
}
