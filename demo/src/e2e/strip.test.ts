import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { find, openStage, openTab, texts, untilTexts, type Stage, type Tab } from '../test-browser.js';

let stage: Stage;
let tab: Tab;

beforeAll(async () => {
  stage = await openStage({ restMs: 1000, lateMs: 3500, staleMs: 6000 });
  tab = await openTab(stage, 'omar', '/admin/tenants/7');
  await tab.page.click('#strip > summary');
});
afterAll(() => stage.close());

const CARD = 'run-progress >>> .card';
const BADGE = 'run-progress >>> .card .badge';

async function said(): Promise<string> {
  return (await texts(tab.page, '#said')).join();
}

describe('a visitor with the control strip', () => {
  it('starts an operation, and sees it at once where nothing was active before', async () => {
    const { page } = tab;
    await untilTexts(page, 'run-progress >>> [part=empty]', (found) => found.length === 1);
    await page.select('#type', 'baseline_compare');
    await (await find(page, 'form[data-started] button')).click();
    await untilTexts(page, '#said', ([text]) => text?.startsWith('Ordered run') === true);
    await untilTexts(page, CARD, ([card]) => / of \d+ policies/.test(card ?? ''));
    expect(await texts(page, BADGE)).toEqual(['Running']);
  });

  it('sets the clock of the server an hour wrong, and the page stays right', async () => {
    const { page } = tab;
    for (const clock of ['3600000', '-3600000', '0']) {
      await page.select('#clock', clock);
      await untilTexts(page, '#said', ([text]) => text?.startsWith('The clock of') === true);
      await page.evaluate(() => document.querySelector('#said')?.replaceChildren());
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(await texts(page, BADGE)).toEqual(['Running']);
      expect((await texts(page, CARD)).join()).not.toMatch(/\d h/);
    }
  });

  it('kills the worker, and sees the run go late, then likely stuck', async () => {
    const { page } = tab;
    await page.click('#kill');
    await untilTexts(page, '#said', ([text]) => /^Killed process \d+ with SIGKILL/.test(text ?? ''));
    await untilTexts(page, BADGE, ([badge]) => badge === 'Running late');
    await untilTexts(page, BADGE, ([badge]) => badge === 'Likely stuck');
    expect((await texts(page, CARD)).join()).toMatch(/ran for \d+ s, no heartbeat for \d+ s/);
  });

  it('sends no request in a hidden tab, and refreshes on return', async () => {
    const { page, asked } = tab;
    const show = (state: 'hidden' | 'visible') =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'visibilityState', { configurable: true, value });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    await show('hidden');
    const before = asked.length;
    await new Promise((resolve) => setTimeout(resolve, 6000));
    expect(asked.slice(before)).toEqual([]);
    await show('visible');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(asked.length).toBeGreaterThan(before);
  });

  it('lets the reconciler of the host close it', async () => {
    const { page } = tab;
    await page.select('#reconciler', 'on');
    await untilTexts(page, 'ops-attention >>> .row .badge', ([badge]) => badge === 'Closed after going stale');
    expect(await texts(page, BADGE)).toEqual(['Closed after going stale']);
    await page.select('#reconciler', 'off');
    await untilTexts(page, '#said', ([text]) => text === 'The reconciler is off.');
  });

  it('chooses the thresholds of a real host', async () => {
    const { page } = tab;
    await Promise.all([page.waitForNavigation(), page.select('#policy', 'normal')]);
    expect(stage.host.switches.policy).toBe('normal');
    await untilTexts(page, 'ops-kpis >>> .value', (found) => found.length === 4);
    await Promise.all([page.waitForNavigation(), page.select('#policy', 'fast')]);
  });

  it('looks at the same URL as another user', async () => {
    const { page } = tab;
    const visit = async (person: string) => {
      await page.select('#person', person);
      await Promise.all([page.waitForNavigation(), page.click('form[action="/demo/person"] button')]);
      return (await texts(page, 'main h1')).at(-1);
    };
    expect(await visit('tess')).toBe('There is no such page');
    expect(page.url()).toBe(`${stage.host.origin}/admin/tenants/7`);
    expect(await texts(page, 'header nav a')).toEqual(['Wingtip']);
    expect(await visit('vera')).toBe('There is no such page');
    await page.goto(`${stage.host.origin}/admin/tenants/8`);
    expect(await texts(page, 'main h1')).toContain('You may not see operations here');
    expect(await visit('omar')).toBe('Northwind');
    expect(await said()).toBe('');
  });

  it('does nothing that the pages forbid, and hits no error', () => {
    expect(tab.complaints).toEqual([]);
    expect(stage.errors).toEqual([]);
  });
});
