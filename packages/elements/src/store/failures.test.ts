import { expect } from '@esm-bundle/chai';
import { page, ScriptedApi, type ScriptedResponse } from '../test-api.js';
import { TestEnvironment, T0 } from '../test-environment.js';
import { TestListener } from '../test-listener.js';
import { foreign, fresh, stuck, young } from '../test-runs.js';
import { sharedStore } from './open-store.js';
import type { OpsStore } from './ops-store.js';

// Each row of the failure table in README.md, over real HTTP.
describe('when the API fails, the store', () => {
  let environment: TestEnvironment;
  let api: ScriptedApi;
  let store: OpsStore;
  let listener: TestListener;

  beforeEach(() => {
    environment = new TestEnvironment();
    api = new ScriptedApi();
  });

  afterEach(() => listener.leave());

  async function open(answers: readonly ScriptedResponse[], options = {}): Promise<void> {
    await api.script({ '/runs': answers });
    store = sharedStore({ src: api.src, ...options }, environment.page);
    listener = new TestListener(store);
    await environment.advance(0);
  }

  const ids = () => store.view.runs.map(({ run }) => run.id);
  const down: ScriptedResponse = { status: 502, text: 'bad gateway' };

  it('keeps the last good data after one failure, unchanged', async () => {
    await open([page(young, stuck), down]);
    await environment.advance(3000);
    expect(store.view.phase).to.equal('live');
    expect(ids()).to.deep.equal(['young', 'stuck']);
    expect(store.view.failure).to.include({ kind: 'http', status: 502 });
  });

  it('is old after a second failure in a row: the clock stops, and what was stuck stays stuck', async () => {
    await open([page(young, stuck), down]);
    await environment.advance(12_000);
    expect(store.view.phase).to.equal('old');
    const stood = store.now();
    await environment.advance(3_600_000);
    expect(store.now()).to.equal(stood);
    expect(store.view.runs.map(({ freshness }) => freshness.state)).to.deep.equal(['fresh', 'likely_stale']);
    expect(listener.changes).to.deep.equal([]);
  });

  it('is old once the data is older than two intervals, even while a response is pending', async () => {
    await open([page(young)]);
    environment.intercept = () => new Promise<Response>(() => {});
    await environment.advance(5900);
    expect(store.view.phase).to.equal('live');
    await environment.advance(200);
    expect(store.view.phase).to.equal('old');
    expect(store.now()).to.equal(T0 + 6000);
  });

  it('gives up a request after 10 s', async () => {
    await open([page(young)]);
    environment.intercept = (_url, { signal }) =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
    await environment.advance(13_500);
    expect(store.view.failure).to.include({ kind: 'network', message: 'No response in time.' });
  });

  it('retries with growing waits of at most 5 min, and is live again after a good response', async () => {
    const failing = Array.from({ length: 12 }, () => down);
    await open([page(young), ...failing, page(young, stuck)]);
    await environment.advance(60_000);
    const early = await api.polls();
    expect(early).to.be.within(5, 8);
    await environment.advance(1_200_000);
    expect(store.view).to.include({ phase: 'live', failure: undefined });
    expect(ids()).to.deep.equal(['young', 'stuck']);
  });

  it('says so when nothing could be read at all', async () => {
    await open([down]);
    expect(store.view).to.include({ phase: 'loading', asOf: undefined });
    expect(store.view.failure).to.include({ status: 502 });
    await environment.advance(30_000);
    expect(store.view.phase).to.equal('loading');
    expect(await api.polls()).to.be.greaterThan(1);
  });

  it('stops at a 401, until it is asked to read again', async () => {
    await open([page(young), { status: 401 }, page(young)]);
    await environment.advance(600_000);
    expect(store.view.phase).to.equal('signed_out');
    expect(await api.polls()).to.equal(2);
    expect(store.stats.polling).to.equal(false);
    await store.refresh();
    expect(store.view.phase).to.equal('live');
    expect(ids()).to.deep.equal(['young']);
  });

  for (const [status, phase] of [
    [403, 'denied'],
    [404, 'not_found'],
  ] as const) {
    it(`clears the data and stops at a ${status} for the scope`, async () => {
      await open([page(young, stuck), { status }], { tenant: '7' });
      await environment.advance(600_000);
      expect(store.view).to.include({ phase, asOf: undefined });
      expect(ids()).to.deep.equal([]);
      expect(await api.polls()).to.equal(2);
    });
  }

  for (const status of [429, 503]) {
    it(`obeys the Retry-After of a ${status}`, async () => {
      await open([page(young), { status, headers: { 'retry-after': '40' } }, page(young)]);
      await environment.advance(3000);
      expect(store.view.phase).to.equal('old');
      expect(store.view.failure?.retryAt).to.equal(T0 + 43_000);
      await environment.advance(39_900);
      expect(await api.polls()).to.equal(2);
      await environment.advance(200);
      expect(await api.polls()).to.equal(3);
      expect(store.view.phase).to.equal('live');
    });
  }

  for (const [what, answer] of [
    ['text that is no JSON', { text: '<html>' }],
    ['no list of runs', { body: { rows: [] } }],
    ['null', { body: null }],
  ] as const) {
    it(`takes ${what} for a failure, not for a healthy state`, async () => {
      await open([page(young), answer]);
      await environment.advance(3000);
      expect(store.view.failure?.kind).to.equal('shape');
      expect(ids()).to.deep.equal(['young']);
      await environment.advance(12_000);
      expect(store.view.phase).to.equal('old');
    });
  }

  it('drops and counts a row that cannot be read, and shows the rest', async () => {
    await open([page(young, { id: 'bad', type: 't', status: 'running', started_at: '12:00' }, { type: 't' }, stuck)]);
    expect(ids()).to.deep.equal(['young', 'stuck']);
    expect(store.view.issues.map(({ id }) => id)).to.deep.equal(['bad', undefined]);
    expect(store.view.complete).to.equal(false);
  });

  it('is not complete when the server says so, even if every row could be read', async () => {
    await open([{ body: { runs: [young], complete: false, now: '$now' } }]);
    expect(ids()).to.deep.equal(['young']);
    expect(store.view.complete).to.equal(false);
  });

  it('does not show a row of another tenant, and counts it', async () => {
    await open([page(fresh, foreign)], { tenant: '7' });
    expect(ids()).to.deep.equal(['fresh']);
    expect(store.view.foreign).to.equal(1);
  });

  for (const [what, policy, kind] of [
    ['is refused', { status: 403 }, 'http'],
    ['fails', { status: 500 }, 'http'],
    ['is no JSON', { text: '<html>' }, 'shape'],
    ['has another shape', { body: { version: 99, defaults: { silence: { late: 'soon' } } } }, 'shape'],
    ['is null', { text: 'null' }, 'shape'],
  ] as const) {
    it(`shows the runs when the policy ${what}, calls nothing complete, and reads it again`, async () => {
      await api.script({ '/runs': [page(young)], '/policy': [policy, { body: { version: 1, digest: 'd' } }] });
      store = sharedStore({ src: api.src }, environment.page);
      listener = new TestListener(store);
      await environment.advance(0);
      expect(ids()).to.deep.equal(['young']);
      expect(store.view).to.include({ phase: 'live', complete: false });
      expect(store.view.failure?.kind).to.equal(kind);
      await environment.advance(4100);
      expect(store.view).to.include({ phase: 'live', complete: true, failure: undefined });
      expect(store.policyDigest).to.equal('d');
    });
  }

  it('is signed out when the policy says so', async () => {
    await api.script({ '/runs': [page(young)], '/policy': [{ status: 401 }] });
    store = sharedStore({ src: api.src }, environment.page);
    listener = new TestListener(store);
    await environment.advance(0);
    expect(store.view.phase).to.equal('signed_out');
  });

  it('survives a fetcher that throws', async () => {
    await open([page(young)], {
      fetcher: () => {
        throw new Error('host');
      },
    });
    expect(store.view.failure).to.include({ kind: 'network', message: 'host' });
  });

  it('refuses another origin without a fetcher, and asks it with one', async () => {
    const elsewhere = 'https://elsewhere.example/api';
    store = sharedStore({ src: elsewhere }, environment.page);
    listener = new TestListener(store);
    await environment.advance(10_000);
    expect(store.view.phase).to.equal('misconfigured');
    expect(store.stats.requests).to.equal(0);
    const asked: string[] = [];
    const fetcher = async (url: string) => {
      asked.push(url);
      return new Response(url.endsWith('/policy') ? '{"version":1}' : '{"runs":[]}');
    };
    const other = new TestListener(sharedStore({ src: elsewhere, fetcher }, environment.page));
    await environment.advance(0);
    expect(asked[0]).to.equal('https://elsewhere.example/api/policy');
    other.leave();
  });
});
