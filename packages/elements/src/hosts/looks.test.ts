import { expect } from '@esm-bundle/chai';
import { ScriptedApi } from '../test-api.js';
import { T0, TestEnvironment } from '../test-environment.js';
import { mount, partsOf, unmountAll } from '../test-fixture.js';
import { ago, failed, fresh, stuck, young } from '../test-runs.js';
import { OpsAttention } from '../ops-attention/ops-attention.js';
import { OpsKpis } from '../ops-kpis/ops-kpis.js';
import { OpsList } from '../ops-list/ops-list.js';
import { RunDetail } from '../run-detail/run-detail.js';
import { RunProgress } from '../run-progress/run-progress.js';
import type { OpsElement } from '../shared/ops-element.js';
import '../define.js';

const ELEMENTS: readonly (new () => OpsElement)[] = [OpsAttention, OpsKpis, OpsList, RunDetail, RunProgress];
const LONG = 'Überlängenwort'.repeat(250);

/** What a host's page and its data do to the looks of every element. */
describe('on any page', () => {
  let environment: TestEnvironment;

  beforeEach(() => {
    environment = new TestEnvironment();
  });

  afterEach(unmountAll);

  const now = new Date(T0).toISOString();
  const report = (...runs: readonly object[]) => ({ runs, now });
  const inBox = (width: number) => {
    const box = document.createElement('div');
    box.style.inlineSize = `${width}px`;
    document.body.append(box);
    return box;
  };

  const huge = {
    ...stuck,
    id: LONG.slice(0, 300),
    type: LONG,
    title: LONG,
    tenant: { id: '7', name: LONG },
    workspace: { id: 'w', name: LONG },
    progress: { processed: 1e15, total: 3e17, unit: LONG.slice(0, 400) },
    initiator: { kind: 'user', name: LONG },
    labels: { [LONG.slice(0, 500)]: LONG },
    flag: { kind: 'stuck', text: LONG },
  };
  const failure = {
    ...failed,
    failure: { code: `E_${LONG.slice(0, 500)}`, message: `${LONG}\n at stack`.repeat(20).slice(0, 4000) },
  };

  for (const element of ELEMENTS) {
    for (const width of [1200, 320]) {
      for (const run of [huge, failure]) {
        it(`${element.name} is no wider than its place: ${width} px, ${run === huge ? 'long texts' : 'a long error'}`, async () => {
          const box = inBox(width);
          const one = await mount(element, { report: report(run), runId: run.id, announce: 'off' }, box);
          await environment.advance(0);
          expect(one.getBoundingClientRect().width).to.be.at.most(width);
          expect(one.scrollWidth).to.be.at.most(width);
          box.remove();
        });
      }
    }

    it(`${element.name} looks the same whatever the page sets for its own text`, async () => {
      const box = inBox(420);
      const one = await mount(element, { report: report(stuck, fresh), runId: 'stuck', announce: 'off' }, box);
      const { width, height } = one.getBoundingClientRect();
      const text = one.shadowRoot?.querySelector('[part~=title], [part=label]');
      Object.assign(box.style, {
        whiteSpace: 'nowrap',
        textTransform: 'uppercase',
        letterSpacing: '4px',
        wordSpacing: '9px',
        textIndent: '40px',
        textShadow: '1px 1px red',
        wordBreak: 'break-all',
        fontVariant: 'small-caps',
      });
      expect(one.getBoundingClientRect()).to.include({ width, height });
      const style = getComputedStyle(text as Element);
      expect([style.textTransform, style.letterSpacing, style.textIndent, style.textShadow]).to.deep.equal([
        'none',
        'normal',
        '0px',
        'none',
      ]);
      box.remove();
    });

    it(`${element.name} has targets of 24 px`, async () => {
      const one = await mount(element, {
        report: report(stuck, failed, young),
        runId: 'stuck',
        announce: 'off',
        runHref: '/r/{id}',
        listHref: '/ops',
      });
      const small = [...(one.shadowRoot?.querySelectorAll('a, button, summary, select, input') ?? [])].filter(
        (target) => {
          const { width, height } = target.getBoundingClientRect();
          return height > 0 && (height < 23.9 || width < 23.9);
        },
      );
      expect(small.map(({ outerHTML }) => outerHTML)).to.deep.equal([]);
    });
  }

  it('a title cannot turn the text around, an empty one is the type, and no link shows a password', async () => {
    const rows = [
      { ...fresh, id: 'a', title: 'evil\u202Egpj.exe' },
      { ...fresh, id: 'b', title: ' \u200B ', url: 'https://user:pass@ci.example/b?x=1' },
      { ...fresh, id: 'c', title: 'استيراد' },
    ];
    const list = await mount(OpsList, { report: report(...rows), announce: 'off' });
    expect(partsOf(list, 'title')).to.have.members(['evilgpj.exe', 'baseline_compare', 'استيراد']);
    const links = [...(list.shadowRoot?.querySelectorAll('a') ?? [])].map((link) => link.getAttribute('href'));
    expect(links).to.deep.equal(['https://ci.example/b?x=1']);
    const title = list.shadowRoot?.querySelector('[part~=title]') as Element;
    expect(getComputedStyle(title).unicodeBidi).to.equal('isolate');
    const detail = await mount(RunDetail, { report: report(...rows), runId: 'b', announce: 'off' });
    expect(detail.shadowRoot?.innerHTML).to.contain('https://ci.example/b?x=1').and.not.contain('user:pass@');
  });

  it('a heading has the level that the page gives it', async () => {
    const levels = async (headingLevel: unknown) => {
      const given: Record<string, unknown> = { headingLevel };
      const detail = await mount(RunDetail, { report: report(stuck), runId: 'stuck', announce: 'off', ...given });
      return [...(detail.shadowRoot?.querySelectorAll('h2, h3') ?? [])].map((heading) => heading.ariaLevel);
    };
    expect((await levels(undefined)).slice(0, 2)).to.deep.equal(['2', '3']);
    expect((await levels('4')).slice(0, 2)).to.deep.equal(['4', '5']);
  });

  it('a tenant that is switched around a run of the old one: nobody but the run speaks of it', async () => {
    const api = await new ScriptedApi().script({
      '/runs': [{ body: { runs: [{ ...fresh, tenant: { id: '8' } }], now: '$now' } }],
      '/runs/stuck': [{ body: stuck }],
    });
    const violations: string[] = [];
    const note = ({ target }: Event) => violations.push((target as Element).localName);
    document.addEventListener('ops-scope-violation', note);
    const given = { src: api.src, tenant: '8', announce: 'off' as const };
    const list = await mount(OpsList, given);
    const detail = await mount(RunDetail, { ...given, runId: 'stuck' });
    await environment.advance(0);
    await Promise.all([list.updateComplete, detail.updateComplete]);
    expect(partsOf(list, 'notice')).to.deep.equal([]);
    expect(partsOf(list, 'title')).to.deep.equal(['Fresh run']);
    expect(partsOf(detail, 'notice').join()).to.contain('does not exist');
    expect(violations).to.deep.equal([]);
    document.removeEventListener('ops-scope-violation', note);
  });

  it('several elements of one store say once at length what is wrong, by the first one that can be seen', async () => {
    const api = await new ScriptedApi().script({ '/runs': [{ status: 401 }] });
    const given = { src: api.src, announce: 'off' as const };
    const all = [await mount(OpsKpis, given), await mount(OpsAttention, given), await mount(RunProgress, given)];
    await environment.advance(0);
    const buttons = () => all.map((one) => one.shadowRoot?.querySelectorAll('button').length);
    const settled = () => Promise.all(all.map(({ updateComplete }) => updateComplete));
    await settled();
    expect(buttons()).to.deep.equal([1, 0, 0]);
    // The others stay silent about what to do, but never show data as if it were current.
    expect(all.map((one) => one.shadowRoot?.textContent?.includes('no longer signed in'))).to.deep.equal([
      true,
      true,
      true,
    ]);
    all[0]?.remove();
    await environment.advance(0);
    await settled();
    expect(buttons()).to.deep.equal([1, 1, 0]);
  });

  it('what is loading keeps the room that it will take', async () => {
    const api = await new ScriptedApi().script({ '/runs': [{ body: { runs: [], now: ago(0) }, delayMs: 500 }] });
    for (const element of ELEMENTS) {
      const one = await mount(element, { src: api.src, runId: 'x', announce: 'off' });
      expect(one.matches(':state(loading)')).to.equal(true);
      expect(one.getBoundingClientRect().height, element.name).to.be.greaterThan(90);
      one.remove();
    }
    expect(ELEMENTS).to.have.length(5);
  });
});
