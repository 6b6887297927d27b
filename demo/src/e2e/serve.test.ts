import { connect, type Browser, type BrowserContext } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { find, follow, openPage, texts, untilTexts, type Tab } from '../test-browser.js';
import { startApi, startServe, type Served, type TestApi } from '../test-served.js';

// The pages of `tardy serve`, from the built command line, over two run APIs.

const TOKEN = 'a-token-for-the-wall-screen';
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

function row(id: string, minutesSilent: number, tenant: string, source: string) {
  return {
    id,
    source,
    type: 'sync',
    title: `Sync ${id}`,
    status: 'running',
    tenant: { id: tenant, name: `Tenant ${tenant}` },
    started_at: ago(50),
    heartbeat_at: ago(minutesSilent),
  };
}

let browser: Browser;
let context: BrowserContext;
let jobs: TestApi;
let host: TestApi;
let served: Served;

beforeAll(async () => {
  jobs = await startApi([row('j1', 42, 'a', 'jobs'), row('j2', 0, 'b', 'jobs')]);
  host = await startApi([row('h1', 0, 'c', 'host')]);
  const args = [`runs:${jobs.url}`, `runs:${host.url}`, '--every', '5s', '--rotate', '2s'];
  served = await startServe([...args, '--auth', 'env:WALL_TOKEN', '--title', 'Night'], { WALL_TOKEN: TOKEN });
  browser = await connect({ browserWSEndpoint: inject('browserWSEndpoint') });
  context = await browser.createBrowserContext();
});
afterAll(async () => {
  await context.close();
  await browser.disconnect();
  await served.stop();
  await Promise.all([jobs.close(), host.close()]);
});

async function open(path: string, own = context): Promise<Tab> {
  const tab = await openPage(own, served.origin);
  await tab.page.goto(served.origin + path);
  return tab;
}

describe('the pages of tardy serve', () => {
  it('ask for the token, then open the page that was asked for', async () => {
    const { page, complaints } = await open('/runs?activeTab=active');
    expect(new URL(page.url()).pathname).toBe('/login');
    await page.type('#token', 'wrong');
    await Promise.all([page.waitForNavigation(), page.click('button')]);
    expect(await texts(page, '[role=alert]')).toEqual(['That is not the token.']);
    await page.type('#token', TOKEN);
    await Promise.all([page.waitForNavigation(), page.click('button')]);
    expect(page.url()).toBe(`${served.origin}/runs?activeTab=active`);
    expect(complaints).toEqual([]);
  });

  it('say the worst state in words, in the title and in the icon of the tab', async () => {
    const { page, complaints } = await open('/');
    const words = '1 likely stuck of 3 active runs in 2 sources.';
    await untilTexts(page, '#verdict', ([text]) => text === words);
    expect(await page.title()).toBe('■ 1 likely stuck of 3 active runs in 2 sources · Night');
    expect(await page.$eval('link[rel=icon]', (icon) => icon.getAttribute('href'))).toBe('/favicon.svg?verdict=stale');
    await untilTexts(page, 'ops-attention >>> .badge', (found) => found.join() === 'Likely stuck');
    await untilTexts(page, 'ops-kpis >>> .value', (found) => found.join() === '3,1,0,0');
    await untilTexts(page, 'run-progress >>> .card .title', (found) => found.length === 3);
    expect(await texts(page, '#sources b')).toEqual([`runs:${jobs.url}`, `runs:${host.url}`]);
    expect(complaints).toEqual([]);
  });

  it('lead from a problem to its run, which says the same, and back to the slice of the list', async () => {
    const { page, complaints } = await open('/runs?activeTab=active_stale_attention');
    await untilTexts(page, 'ops-list >>> tbody .title', (found) => found.join() === 'Sync j1');
    await follow(page, 'ops-list >>> tbody .title');
    expect(new URL(page.url()).pathname).toBe('/run');
    await untilTexts(page, 'run-detail >>> .summary .badge', (found) => found.join() === 'Likely stuck');
    await follow(page, '#back');
    expect(new URL(page.url()).search).toContain('active_stale_attention');
    expect(complaints).toEqual([]);
  });

  it('show one tenant if that is wanted', async () => {
    const { page } = await open('/');
    await untilTexts(page, '#tenant option', (found) => found.join() === 'All,Tenant a,Tenant b,Tenant c');
    await Promise.all([page.waitForNavigation(), page.select('#tenant', 'c')]);
    await untilTexts(page, 'run-progress >>> .card .title', (found) => found.join() === 'Sync h1');
    expect(await page.$eval('#tenant', (select) => (select as HTMLSelectElement).value)).toBe('c');
  });

  it('cost the sources nothing, however many look', async () => {
    const before = jobs.lists;
    const since = Date.now();
    const tabs = await Promise.all(Array.from({ length: 5 }, async () => open('/')));
    await Promise.all(tabs.map(({ page }) => untilTexts(page, '#sources b', (found) => found.length === 2)));
    await Promise.all(tabs.map(({ page }) => page.close()));
    // The second look at the run that is stuck reads the list again.
    expect(jobs.lists - before).toBeLessThanOrEqual(2 * (Math.ceil((Date.now() - since) / 4500) + 1));
  });
});

describe('the wall', () => {
  it('signs in with the token behind the # of its URL, which it then hides', async () => {
    const fresh = await browser.createBrowserContext();
    const { page } = await open(`/wall#token=${TOKEN}`, fresh);
    await untilTexts(page, '#verdict', ([text]) => text?.startsWith('1 likely stuck') === true);
    expect(page.url()).toBe(`${served.origin}/wall`);
    await fresh.close();
  });

  it('fits the screen, is dark, and shows each tenant in turn beside what needs attention', async () => {
    const { page, complaints } = await open('/wall');
    await page.setViewport({ width: 1920, height: 1080 });
    await untilTexts(page, 'ops-attention >>> .row .title', (found) => found.join() === 'Sync j1');
    const names = new Set<string>();
    for (const end = Date.now() + 20_000; names.size < 3 && Date.now() < end;) {
      for (const name of await texts(page, '#rotating > :not([hidden]) h2')) names.add(name);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect([...names].sort()).toEqual(['Tenant a', 'Tenant b', 'Tenant c']);
    const { scheme, overflow, cursor } = await page.evaluate(() => ({
      scheme: getComputedStyle(document.documentElement).colorScheme,
      overflow: document.documentElement.scrollHeight - innerHeight,
      cursor: getComputedStyle(document.documentElement).cursor,
    }));
    expect([scheme, overflow, cursor]).toEqual(['dark', 0, 'none']);
    expect(complaints).toEqual([]);
  });
});

describe('when something fails', () => {
  it('a source that is down keeps its runs, and nothing looks healthy', async () => {
    const { page, complaints } = await open('/');
    await untilTexts(page, '#verdict', ([text]) => text?.startsWith('1 likely stuck') === true);
    jobs.rows = [];
    host.rows = undefined;
    await untilTexts(page, '#sources', ([text]) => /not updating, as of \d/.test(text ?? ''), 60_000);
    await untilTexts(page, '#verdict', ([text]) => /1 of 2 sources is incomplete/.test(text ?? ''), 60_000);
    await untilTexts(page, 'run-progress >>> .card .title', (found) => found.join() === 'Sync h1');
    expect(await texts(page, 'ops-attention >>> [part=calm] .icon')).toEqual([]);
    await find(page, 'ops-attention >>> [part=notice]');
    expect(await page.$eval('link[rel=icon]', (icon) => icon.getAttribute('href'))).toBe(
      '/favicon.svg?verdict=unknown',
    );
    expect(complaints).toEqual([]);
  });

  it('a server that is stopped ends with 0, and its pages say that it does not respond', async () => {
    const { page } = await open('/');
    await untilTexts(page, '#sources b', (found) => found.length === 2);
    expect(await served.stop()).toBe(0);
    await untilTexts(page, '#verdict', ([text]) => text?.startsWith('Tardy has not responded since') === true);
    expect(await page.title()).toMatch(/^\? Tardy has not responded since .* · Night$/);
  });
});
