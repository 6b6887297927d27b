import { expect } from '@esm-bundle/chai';
import { OpsAttention } from '../ops-attention/ops-attention.js';
import { OpsKpis } from '../ops-kpis/ops-kpis.js';
import { OpsList } from '../ops-list/ops-list.js';
import { RunDetail } from '../run-detail/run-detail.js';
import { RunProgress } from '../run-progress/run-progress.js';
import { T0, TestEnvironment } from '../test-environment.js';
import { mount, unmountAll } from '../test-fixture.js';
import { failed, fresh, late, stuck } from '../test-runs.js';
import '../define.js';

const report = { runs: [fresh, late, stuck, failed], now: new Date(T0).toISOString() };
const types = [RunProgress, OpsKpis, OpsAttention, OpsList, RunDetail] as const;

/** An element that shows runs, as it is when nothing more is set. */
async function bare(type: (typeof types)[number]): Promise<InstanceType<(typeof types)[number]>> {
  const element = await mount<InstanceType<(typeof types)[number]>>(type, { report, announce: 'off', lang: 'en' });
  if (element instanceof RunDetail) element.runId = 'stuck';
  await element.updateComplete;
  return element;
}

const drawn = (element: Element) => element.shadowRoot?.innerHTML.replaceAll(/<!--.*?-->/g, '') ?? '';

describe('a property of an element', () => {
  let warnings: string[];
  const log = globalThis.console;
  const { warn } = log;

  beforeEach(() => {
    void new TestEnvironment();
    warnings = [];
    log.warn = (text: string) => warnings.push(text);
  });

  afterEach(() => {
    log.warn = warn;
    unmountAll();
  });

  for (const type of types) {
    const own = ['report', 'runId', 'lang', 'announce'];
    const properties = [...type.elementProperties].filter(([name]) => !own.includes(String(name)));

    it(`is as if it had never been set once its attribute is removed: <${type.tag}>`, async () => {
      const element = await bare(type);
      const before = drawn(element);
      let count = 0;
      for (const [name, { attribute }] of properties) {
        if (attribute === false) continue;
        const spelt = typeof attribute === 'string' ? attribute : String(name).toLowerCase();
        element.setAttribute(spelt, '1');
        await element.updateComplete;
        element.removeAttribute(spelt);
        await element.updateComplete;
        expect(drawn(element), spelt).to.equal(before);
        if (name !== 'filter') expect(Reflect.get(element, name), spelt).to.equal(undefined);
        count++;
      }
      expect(count).to.be.greaterThan(6);
    });

    it(`is as if it had never been set once it is null or undefined: <${type.tag}>`, async () => {
      const element = await bare(type);
      const before = drawn(element);
      for (const [name] of properties) {
        for (const value of [null, undefined]) {
          Reflect.set(element, name, value);
          await element.updateComplete;
          expect(drawn(element), String(name)).to.equal(before);
          expect(Reflect.get(element, name), String(name)).to.equal(undefined);
        }
      }
      expect(properties.length).to.be.greaterThan(10);
      expect(warnings).to.deep.equal([]);
    });

    it(`has its default, with a warning, when it is set to nonsense: <${type.tag}>`, async () => {
      const element = await bare(type);
      const before = drawn(element);
      expect(properties.length).to.be.greaterThan(10);
      for (const [name] of properties) {
        warnings = [];
        Reflect.set(element, name, Symbol.for('nonsense'));
        await element.updateComplete;
        expect(drawn(element), String(name)).to.equal(before);
        expect(warnings, String(name)).to.deep.equal([
          `<${type.tag}>: ${String(name)} cannot be symbol. The default is used.`,
        ]);
      }
    });
  }

  for (const [type, name, value] of [
    [OpsList, 'density', 'cosy'],
    [OpsList, 'page', 0],
    [OpsList, 'pageSize', Number.NaN],
    [OpsList, 'timeZone', 'Mars/Olympus'],
    [OpsAttention, 'max', 0],
    [OpsAttention, 'now', 'noon'],
    [RunProgress, 'max', -1],
    [RunProgress, 'poll', 'sometimes'],
    [OpsKpis, 'recent', -1],
    [OpsKpis, 'policy', 'strict'],
    [RunDetail, 'redact', 'all'],
  ] as const) {
    it(`has its default when a host sets what it cannot be: ${name} of <${type.tag}> to ${JSON.stringify(value)}`, async () => {
      const element = await bare(type);
      const before = drawn(element);
      Reflect.set(element, name, value);
      await element.updateComplete;
      expect(drawn(element)).to.equal(before);
      expect(Reflect.get(element, name)).to.equal(undefined);
      expect(warnings).to.have.length(1);
    });
  }

  it('judges by the default where a policy of the host cannot be used, and warns', async () => {
    const runs = [stuck];
    const policy = { version: 1, defaults: { silence: { late: 'soon' } } } as const;
    const element = await mount(OpsKpis, {
      report: { runs, now: new Date(T0).toISOString() },
      policy,
      announce: 'off',
    });
    expect(element.shadowRoot?.textContent).to.contain('1 unhealthy');
    expect(warnings.join()).to.contain('defaults.silence.late: "soon"');
  });

  it('takes what frameworks set in another type', async () => {
    const element = (await bare(OpsList)) as OpsList;
    for (const [name, value, read] of [
      ['tenant', 7, '7'],
      ['pageSize', '3', 3],
    ] as const) {
      Reflect.set(element, name, value);
      await element.updateComplete;
      expect(Reflect.get(element, name)).to.equal(read);
    }
    Reflect.set(element, 'filter', 'activeTab=active');
    await element.updateComplete;
    expect(element.filter?.tab).to.equal('active');
    expect(warnings).to.deep.equal([]);
  });
});
