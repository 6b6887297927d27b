import { expect } from '@esm-bundle/chai';
import { page, ScriptedApi, type ScriptedResponse } from '../test-api.js';
import { TestEnvironment } from '../test-environment.js';
import { TestListener } from '../test-listener.js';
import { ago, done, failed, foreign, fresh, stuck, young } from '../test-runs.js';
import { sharedStore } from './open-store.js';
import type { ListenerInterest, OpsStore } from './ops-store.js';

describe('when a single run fails, the store', () => {
  let environment: TestEnvironment;
  let api: ScriptedApi;
  let store: OpsStore;
  let listeners: TestListener[];

  beforeEach(() => {
    environment = new TestEnvironment();
    api = new ScriptedApi();
    listeners = [];
  });

  afterEach(() => {
    for (const listener of listeners) listener.leave();
  });

  async function open(
    answers: Readonly<Record<string, readonly ScriptedResponse[]>>,
    ...interests: ListenerInterest[]
  ) {
    await api.script(answers);
    store = sharedStore({ src: api.src }, environment.page);
    listeners = interests.map((interest) => new TestListener(store, interest));
    await environment.advance(0);
  }

  const ids = () => store.view.runs.map(({ run }) => run.id);

  for (const status of [403, 500, 503]) {
    it(`keeps the list, and says which run failed: HTTP ${status}`, async () => {
      await open({ '/runs': [page(young)], '/runs/other': [{ status }] }, { active: true }, { id: 'other' });
      expect(store.view).to.include({ phase: 'live', failure: undefined, complete: true });
      expect(ids()).to.deep.equal(['young']);
      expect(store.view.failures.get('other')).to.include({ kind: 'http', status });
    });
  }

  it('tries that run again, though nothing is active', async () => {
    const other = { ...done, id: 'other', source: 'api' };
    await open(
      { '/runs': [page()], '/runs/other': [{ status: 500 }, { body: other }] },
      { active: true },
      { id: 'other' },
    );
    await environment.advance(61_000);
    expect(store.view.failures.size).to.equal(0);
    expect(ids()).to.deep.equal(['other']);
  });

  it('keeps the last copy of a run that was read before, and is not complete', async () => {
    const other = { ...stuck, id: 'other' };
    await open(
      { '/runs': [page(young)], '/runs/other': [{ body: other }, { status: 500 }] },
      { active: true },
      { id: 'other' },
    );
    await environment.advance(4100);
    expect(ids()).to.deep.equal(['young', 'other']);
    expect(store.view.complete).to.equal(false);
  });

  it('shows nothing of a run that the viewer may not see any more', async () => {
    const other = { ...stuck, id: 'other' };
    await open(
      { '/runs': [page(young)], '/runs/other': [{ body: other }, { status: 403 }] },
      { active: true },
      { id: 'other' },
    );
    await environment.advance(4100);
    expect(ids()).to.deep.equal(['young']);
  });

  it('stops for all when the session has ended', async () => {
    await open({ '/runs': [page(young)], '/runs/other': [{ status: 401 }] }, { active: true }, { id: 'other' });
    expect(store.view.phase).to.equal('signed_out');
  });

  it('is refused where that run is all that was asked for', async () => {
    await open({ '/runs/other': [{ status: 403 }] }, { id: 'other' });
    expect(store.view.phase).to.equal('denied');
  });

  it('obeys its Retry-After, and still shows the list', async () => {
    const wait = { status: 429, headers: { 'retry-after': '40' } };
    await open({ '/runs': [page(young)], '/runs/other': [wait] }, { active: true }, { id: 'other' });
    await environment.advance(39_000);
    expect(await api.polls()).to.equal(1);
    await environment.advance(2000);
    expect(await api.polls()).to.equal(2);
    expect(store.view.phase).to.equal('live');
  });

  describe('and an active run has left the list, the store', () => {
    const ended = { ...failed, id: 'young', source: 'api' };

    for (const status of [500, 502, 429]) {
      it(`keeps it as it was, says so, and asks again: HTTP ${status}`, async () => {
        await open(
          { '/runs': [page(young, stuck), page(stuck)], '/runs/young': [{ status }, { body: ended }] },
          { active: true },
        );
        await environment.advance(3000);
        expect(ids()).to.deep.equal(['stuck', 'young']);
        expect(store.view).to.include({ phase: 'live', complete: false });
        expect(store.view.issues.map(({ id }) => id)).to.deep.equal(['young']);
        await environment.advance(66_000);
        expect(listeners[0]?.changes.at(-1)).to.include({ from: 'fresh', to: 'terminal' });
        expect(store.view.complete).to.equal(true);
      });
    }

    for (const status of [403, 404]) {
      it(`no longer shows it: HTTP ${status}`, async () => {
        await open({ '/runs': [page(young, stuck), page(stuck)], '/runs/young': [{ status }] }, { active: true });
        await environment.advance(3000);
        expect(ids()).to.deep.equal(['stuck']);
        expect(store.view).to.include({ phase: 'live', complete: true });
      });
    }

    it('asks for no other one where there is no response at all', async () => {
      const runs = ['a', 'b', 'c'].map((id) => ({ ...young, id }));
      await open({ '/runs': [page(...runs), page()] }, { active: true });
      let asked = 0;
      const { fetcher } = environment;
      const intercept: typeof fetcher = (url, init) => {
        if (/runs\/\w/.test(url)) {
          asked++;
          return Promise.reject(new TypeError('Failed to fetch'));
        }
        environment.intercept = undefined;
        const response = fetcher(url, init);
        environment.intercept = intercept;
        return response;
      };
      environment.intercept = intercept;
      await environment.advance(3000);
      expect(asked).to.equal(1);
      expect(ids()).to.deep.equal(['a', 'b', 'c']);
      expect(store.view.issues).to.have.length(3);
    });
  });

  describe('and lists overlap, the store', () => {
    it('counts a row once that two lists hold: unreadable, or of another tenant', async () => {
      await api.script({
        '/runs': [page(fresh, foreign, { id: 'bad', type: 't', status: 'running', started_at: 'noon' })],
      });
      store = sharedStore({ src: api.src, tenant: '7' }, environment.page);
      listeners = [new TestListener(store, { active: true, recent: 10 })];
      await environment.advance(0);
      expect(store.view.issues.map(({ id }) => id)).to.deep.equal(['bad']);
      expect(store.view.foreign).to.equal(1);
    });

    it('counts two rows of one list that look alike as two', async () => {
      await open({ '/runs': [page({ type: 't' }, { type: 't' })] }, { active: true, recent: 10 });
      expect(store.view.issues).to.have.length(2);
    });
  });

  describe('and newer runs push a failure off the list, the store', () => {
    const newer = { ...done, id: 'newer', started_at: ago(60), ended_at: ago(50) };
    const recent = (...runs: readonly unknown[]): ScriptedResponse => ({ body: { runs, next: 'x', now: '$now' } });

    it('keeps the failure while it is recent', async () => {
      await open({ '/runs': [page(young), recent(failed), page(young), recent(newer)] }, { active: true, recent: 1 });
      expect(ids()).to.deep.equal(['young', 'failed']);
      await environment.advance(7000);
      expect(ids()).to.deep.equal(['young', 'newer', 'failed']);
    });

    it('does not where the list goes back that far without it', async () => {
      const older = { ...done, id: 'older', started_at: ago(9000) };
      await open(
        { '/runs': [page(young), recent(failed), page(young), recent(newer, older)] },
        { active: true, recent: 2 },
      );
      await environment.advance(7000);
      expect(ids()).to.deep.equal(['young', 'newer', 'older']);
    });

    it('does not where a later attempt is known', async () => {
      const again = { ...newer, id: 'failed', attempt: 2 };
      await open({ '/runs': [page(young), recent(failed), page(young), recent(again)] }, { active: true, recent: 1 });
      await environment.advance(7000);
      expect(store.view.runs.map(({ run }) => [run.id, run.attempt])).to.deep.equal([
        ['young', 1],
        ['failed', 2],
      ]);
    });
  });
});
