import { expect } from '@esm-bundle/chai';
import { page, ScriptedApi } from '../test-api.js';
import { TestEnvironment } from '../test-environment.js';
import { TestListener } from '../test-listener.js';
import { young } from '../test-runs.js';
import type { Fetcher } from './environment.js';
import { sharedStore } from './open-store.js';
import type { OpsStore } from './ops-store.js';

describe('when a response never ends, the store', () => {
  let environment: TestEnvironment;
  let store: OpsStore;
  let listener: TestListener;
  let asked: number;

  beforeEach(async () => {
    environment = new TestEnvironment();
    const api = await new ScriptedApi().script({ '/runs': [page(young)] });
    store = sharedStore({ src: api.src }, environment.page);
    listener = new TestListener(store);
    await environment.advance(0);
    asked = 0;
  });

  afterEach(() => listener.leave());

  const endless = () =>
    new Response(
      new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{"runs":[')) }),
    );
  const obedient: Fetcher = (_url, { signal }) =>
    new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));

  /** Until `until` every request hangs. */
  function hang(fetcher: Fetcher, until = Infinity): void {
    environment.intercept = (url, init) => {
      asked++;
      if (environment.time < until) return fetcher(url, init);
      environment.intercept = undefined;
      return environment.fetcher(url, init);
    };
  }

  for (const [what, fetcher, ms] of [
    ['no head', obedient, 10_000],
    ['no head, and the fetcher ignores its signal', () => new Promise<Response>(() => {}), 10_000],
    ['no end of its body', () => Promise.resolve(endless()), 20_000],
  ] as const) {
    it(`gives up after ${ms / 1000} s, and is live again with the next good response: ${what}`, async () => {
      hang(fetcher, environment.time + 5000);
      await environment.advance(3000 + ms - 100);
      expect(store.view.failure).to.equal(undefined);
      await environment.advance(200);
      expect(store.view.failure).to.include({ kind: 'network', message: 'No response in time.' });
      await environment.advance(60_000);
      expect(store.view).to.include({ phase: 'live', failure: undefined });
      expect(asked).to.equal(2);
    });

    it(`reads again when a person asks: ${what}`, async () => {
      hang(fetcher, environment.time + 5000);
      await environment.advance(3000);
      const first = store.refresh();
      await environment.advance(5100);
      await store.refresh();
      expect(store.view).to.include({ phase: 'live', failure: undefined });
      await first;
      expect(asked).to.equal(2);
    });
  }

  it('reads again when the tab is shown again, or the network is back', async () => {
    hang(() => Promise.resolve(endless()), environment.time + 5000);
    await environment.advance(8100);
    environment.show(true);
    await environment.advance(0);
    expect(asked).to.equal(2);
    expect(store.view.phase).to.equal('live');
  });

  it('does not leave a request to the budget that was given up while it waited', async () => {
    environment.page.limits.budget = store.stats.requestsPerMinute;
    void store.refresh();
    await environment.advance(0);
    listener.leave();
    await environment.advance(60_000);
    expect(store.stats.requestsPerMinute).to.equal(0);
  });
});
