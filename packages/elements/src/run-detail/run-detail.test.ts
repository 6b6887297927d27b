import { expect } from '@esm-bundle/chai';
import {
  buildReport,
  classify,
  createPolicy,
  en,
  enDetailMessages,
  enSurfaces,
  parseRun,
  present,
  reportRun,
  summarize,
} from '@tardy/core';
import { de, deSurfaces } from '@tardy/core/messages/de';
import { history } from '#parts/history';
import { addCatalogue } from '../shared/catalogue.js';
import { ScriptedApi, page } from '../test-api.js';
import { T0, TestEnvironment } from '../test-environment.js';
import { expectAccessible, mount, partsOf, unmountAll } from '../test-fixture.js';
import { ago, done, fresh, late, queued, reconciled, soonLate, stuck } from '../test-runs.js';
import { RunDetail } from './run-detail.js';
import './define.js';
import '../events/event-map.js';

const rich = {
  ...stuck,
  attempt: 2,
  progress: { processed: 12, total: 40, unit: 'files' },
  initiator: { kind: 'user', name: 'mira' },
  labels: { env: 'prod', api_token: 'hush' },
  url: 'https://user:pw@ci.example/runs/1?key=hush',
};

describe('<run-detail>', () => {
  let environment: TestEnvironment;

  beforeEach(() => {
    environment = new TestEnvironment();
  });

  afterEach(unmountAll);

  const now = new Date(T0).toISOString();
  const show = (
    run: { readonly id: string } & Readonly<Record<string, unknown>>,
    properties: Partial<RunDetail> = {},
  ) =>
    mount(RunDetail, {
      timeZone: 'UTC',
      announce: 'off',
      runId: run.id,
      report: { runs: [run], now },
      ...properties,
    });
  const isState = (element: Element, name: string) => element.matches(`:state(${name})`);
  const all = (element: Element, selector: string) => [...(element.shadowRoot?.querySelectorAll(selector) ?? [])];

  for (const row of [fresh, late, stuck, queued, done, reconciled]) {
    it(`says first what the presenter says: ${row.id}`, async () => {
      const element = await show(row);
      const parsed = parseRun(row, 'api');
      if (!parsed.ok) throw new Error(parsed.issue.reason);
      const words = present(parsed.run, classify(parsed.run, createPolicy({ version: 1 }), T0), T0);
      expect(all(element, 'article > *')[0]?.getAttribute('part')).to.equal('summary');
      expect(partsOf(element, 'badge')).to.deep.equal([words.label]);
      expect(partsOf(element, 'headline')).to.deep.equal([words.headline]);
      expect(partsOf(element, 'reason').join()).to.equal(words.reason === '' ? '' : `Why ${words.reason}`);
      expect(partsOf(element, 'guidance').join()).to.equal(words.guidance === '' ? '' : `What to do ${words.guidance}`);
      expect(isState(element, 'settled')).to.equal(row === done || row === reconciled);
      await expectAccessible(element);
    });
  }

  it('draws the timeline of a run, with a name and the same as a list', async () => {
    const element = await show(stuck);
    expect(partsOf(element, 'event-text')).to.deep.equal([
      'Started',
      'Last heartbeat',
      'No heartbeat: late',
      'No heartbeat: likely stuck',
      'Running: late',
      'Running: likely stuck',
    ]);
    const [picture] = all(element, '[part=picture]');
    expect(picture?.getAttribute('role')).to.equal('img');
    expect(picture?.getAttribute('aria-label')).to.equal(
      'Timeline: Started, Last heartbeat, No heartbeat: late, No heartbeat: likely stuck, Running: late, Running: likely stuck',
    );
    // Of the clock that decides: healthy, then late, then likely stuck.
    const tones = all(element, '[data-decides] .span').map((span) => span.getAttribute('data-tone'));
    expect(tones).to.deep.equal(['calm', 'warning', 'danger']);
    expect(all(element, '[style]')).to.deep.equal([]);
  });

  it('mirrors the picture from right to left', async () => {
    const element = await show(queued, { dir: 'rtl' });
    const span = all(element, '.span')[0];
    expect(
      Number.parseFloat(span?.getAttribute('x') ?? '') + Number.parseFloat(span?.getAttribute('width') ?? ''),
    ).to.equal(100);
    await expectAccessible(element);
  });

  it('lists each clock with its thresholds and their rules', async () => {
    const element = await show(stuck);
    const rows = all(element, '[part=evidence] tbody tr').map((row) => row.textContent?.replaceAll(/\s+/g, ' ').trim());
    expect(rows[0]).to.contain('Running').and.to.contain('defaults.run.late').and.to.contain('6 h');
    expect(rows[1])
      .to.contain('No heartbeat decides')
      .and.to.contain('10 min defaults.silence.stale'.replace(' d', 'd'));
  });

  it('says for how long a heartbeat counts, and that a clock is not used', async () => {
    const vouched = await show({ ...fresh, started_at: ago(4000) });
    expect(partsOf(vouched, 'evidence').join()).to.contain('A fresh heartbeat vouches for it until 12:01');
    const skewed = await show({ ...fresh, heartbeat_at: ago(-3600) });
    expect(partsOf(skewed, 'evidence').join()).to.contain('not used: it starts in the future');
  });

  it('says that a run was closed after going stale', async () => {
    const element = await show(reconciled);
    expect(partsOf(element, 'lineage').join()).to.contain('no heartbeat');
    expect(isState(element, 'reconciled')).to.equal(true);
  });

  it('lists the facts, and shows the record without its secrets', async () => {
    const element = await show(rich);
    const facts = partsOf(element, 'fact-term').map(
      (term, index) => `${term}: ${partsOf(element, 'fact-value')[index]}`,
    );
    expect(facts).to.contain('Started by: mira').and.to.contain('Attempt: 2').and.to.contain('env: prod');
    expect(partsOf(element, 'bar')).to.have.length(1);
    expect(partsOf(element, 'payload').join()).to.contain('"id": "stuck"').and.not.to.contain('hush');
    expect(facts.join()).not.to.contain('hush');
  });

  it('copies the evidence, redacted', async () => {
    const element = await show(rich);
    const events: string[] = [];
    element.addEventListener('ops-evidence-copied', (event) => events.push(event.text));
    element.redact = (path, value) => (path === 'run.tenant' ? undefined : value);
    const text = await element.copyEvidence();
    expect(events).to.deep.equal([text]);
    expect(text).not.to.contain('hush').and.not.to.contain('pw@').and.not.to.contain('Fabrikam');
    const evidence = JSON.parse(text) as Record<string, Record<string, unknown>>;
    expect(evidence).to.include({ schema: 'tardy.evidence/1', now: '2026-11-23T12:00:00Z' });
    expect(evidence['freshness']).to.include({ state: 'likely_stale', clock: 'silence', threshold_ms: 600_000 });
    expect((evidence['clocks'] as unknown as Record<string, unknown>[])[1]).to.include({
      clock: 'silence',
      decides: true,
    });
  });

  it('shows a report with its own verdict, and the digest of its policy', async () => {
    const parsed = parseRun(stuck, 'api');
    if (!parsed.ok) throw new Error(parsed.issue.reason);
    const policy = createPolicy({ version: 1, defaults: { silence: { stale: '3h' } } });
    const judged = { run: parsed.run, freshness: classify(parsed.run, policy, T0) };
    const report = buildReport({
      generatedAt: T0,
      now: T0,
      policyDigest: 'sha256:0123456789abcdef0123456789abcdef',
      sources: [],
      totals: summarize([judged], T0).totals,
      runs: [reportRun(judged, T0)],
      failOn: 'stale',
      allowUnknown: false,
    });
    const element = await show(stuck, { report });
    expect(partsOf(element, 'reason').join()).to.contain('3 h');
    expect(partsOf(element, 'evidence').join())
      .to.contain('defaults.silence.stale')
      .and.to.contain('Policy sha256:012345');
    expect(partsOf(element, 'event-text')).to.deep.equal(['Started', 'Last heartbeat']);
    await expectAccessible(element);
  });

  it('shows the last attempt of several, and lists them all', async () => {
    const element = await show(stuck, { report: { runs: [stuck, { ...fresh, id: 'stuck', attempt: 2 }], now } });
    expect(partsOf(element, 'title')).to.deep.equal(['Fresh run']);
    const attempts = partsOf(element, 'attempt');
    expect(attempts).to.have.length(2);
    expect(attempts[0]).to.match(/^2 Running /);
    expect(attempts[1]).to.match(/^1 Likely stuck /);
    await expectAccessible(element);
    expect(partsOf(await show(stuck), 'attempts')).to.deep.equal([]);
  });

  it('links to the source of the run, unless that is the page it is on', async () => {
    const linksOf = async (url: string) => {
      const links = all(await show({ ...stuck, url }), '.facts + a');
      return links.map((link) => link.getAttribute('href'));
    };
    expect(await linksOf('https://ci.example/runs/1')).to.deep.equal(['https://ci.example/runs/1']);
    expect(await linksOf(`${location.href.split('#')[0]}`)).to.deep.equal([]);
  });

  it('says that there is no such run, or shows what the host says', async () => {
    const api = await new ScriptedApi().script({ '/runs': [page()] });
    const element = await show({ id: 'nobody' }, { report: undefined, src: api.src });
    await environment.advance(0);
    await element.updateComplete;
    expect(partsOf(element, 'notice')).to.deep.equal(['This run does not exist, or you do not have access to it.']);
    expect(isState(element, 'not-found')).to.equal(true);
    expect(all(element, 'slot[name=not-found]')).to.have.length(1);
    await expectAccessible(element);
  });

  it('flips on time, without a request', async () => {
    const api = await new ScriptedApi().script({ '/runs/soon': [{ body: { ...soonLate } }] });
    const element = await show(soonLate, { report: undefined, src: api.src });
    await environment.advance(0);
    await element.updateComplete;
    const before = partsOf(element, 'badge');
    const asked = (await api.log()).length;
    await environment.advance(2500);
    expect(before).to.deep.equal(['Running']);
    await environment.advance(2500);
    await element.updateComplete;
    expect(partsOf(element, 'badge')).to.deep.equal(['Running late']);
    expect((await api.log()).filter(({ path }) => path === '/policy').length).to.be.at.most(1);
    expect(asked).to.be.greaterThan(0);
  });

  describe('among earlier runs of its type', () => {
    const took = ['40s', '5m', '6m', '8m', '9m', '10m', '12m', '13m', '14m', '15m', '21m'];
    const learned = { at: '2026-11-01', since: '2026-08-01', runs: 812, target: { late: 0.005, stale: 0.001 }, took };
    const policy = {
      version: 1,
      rules: [{ match: { type: fresh.type }, run: { late: '15m', stale: '31m' }, learned }],
    };
    /** A run that started so many seconds ago. */
    const after = async (seconds: number, properties: Partial<RunDetail> = {}, body: object = policy) => {
      const run = { ...fresh, started_at: ago(seconds) };
      const api = await new ScriptedApi().script({ [`/runs/${run.id}`]: [{ body: run }], '/policy': [{ body }] });
      const element = await show(run, { report: undefined, src: api.src, ...properties });
      await environment.advance(0);
      await element.updateComplete;
      await history.load();
      await element.updateComplete;
      return { element, api };
    };

    for (const [seconds, words] of [
      [20, 'Shorter than all 812 earlier runs of its type'],
      [60, 'Shorter than 90% of 812 earlier runs of its type'],
      [8 * 60 + 1, 'Longer than 50% of 812 earlier runs of its type'],
      [14 * 60 + 1, 'Longer than 99.5% of 812 earlier runs of its type'],
      [22 * 60, 'Longer than all 812 earlier runs of its type'],
    ] as const) {
      it(`is drawn and said of a run after ${seconds} s, without a further request`, async () => {
        const { element, api } = await after(seconds);
        expect(partsOf(element, 'history-text')).to.deep.equal([words]);
        expect(partsOf(element, 'history').join()).to.contain('Half of them took up to 8 min, 99% up to 13 min');
        const [picture] = all(element, '[part=history-picture]');
        expect(picture?.getAttribute('aria-label')).to.equal(words);
        const places = all(element, '[part=history-picture] [x]').map((node) =>
          Number.parseFloat(node.getAttribute('x') ?? ''),
        );
        expect(places.every((place) => place >= 0 && place <= 100)).to.equal(true);
        expect(all(element, '[style]')).to.deep.equal([]);
        const asked = (await api.log()).map(({ path }) => path);
        expect(asked.filter((path) => path === '/policy')).to.have.length(1);
        expect([...new Set(asked)].sort()).to.deep.equal(['/policy', `/runs/${fresh.id}`]);
        await expectAccessible(element);
      });
    }

    it('comes in German, from right to left, and in the words of a host', async () => {
      addCatalogue({ messages: de, surfaces: deSurfaces });
      const { element } = await after(14 * 60 + 1, { lang: 'de' });
      expect(partsOf(element, 'history-text')).to.deep.equal(['Länger als 99,5 % der 812 früheren Läufe dieses Typs']);
      const mirrored = (await after(14 * 60 + 1, { dir: 'rtl' })).element;
      const line = (where: Element) =>
        Number.parseFloat(all(where, '[part=history-picture] .now')[0]?.getAttribute('x1') ?? '');
      expect(line(mirrored)).to.be.closeTo(100 - line(element), 0.02);
      const words = { ...enDetailMessages.history, longerThan: (percent: string) => `+${percent}` };
      addCatalogue({
        messages: { ...en, locale: 'fr' },
        surfaces: { ...enSurfaces, detail: { ...enSurfaces.detail, history: words } },
      });
      const own = (await after(14 * 60 + 1, { lang: 'fr' })).element;
      expect(partsOf(own, 'history-text')).to.deep.equal(['+99,5 %']);
    });

    it('is left out where nothing was learned about its type', async () => {
      const other = { ...policy, rules: [{ ...policy.rules[0], match: { type: 'other' } }] };
      expect(partsOf((await after(60, {}, other)).element, 'history')).to.deep.equal([]);
      expect(partsOf((await after(60, {}, { version: 1 })).element, 'history')).to.deep.equal([]);
    });
  });

  it('is accessible when dark and narrow', async () => {
    const element = await show(rich);
    element.style.cssText = 'color-scheme: dark; inline-size: 300px; background: #0e1117';
    await expectAccessible(element);
    expect(element.scrollWidth).to.be.at.most(300);
  });
});
