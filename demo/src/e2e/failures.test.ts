import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  control,
  find,
  openPage,
  openStage,
  openTab,
  refresh,
  texts,
  untilTexts,
  type Stage,
  type Tab,
} from '../test-browser.js';

let stage: Stage;
let tab: Tab;
const opened: Tab[] = [];

beforeAll(async () => {
  stage = await openStage({ restMs: 3000, lateMs: 20_000, staleMs: 40_000 });
  await stage.host.order({ tenant: '7', type: 'baseline_compare', title: 'Fabrikam compares', by: 'dana' });
  await stage.host.order({ tenant: '8', type: 'baseline_compare', title: 'Northwind compares', by: 'omar' });
});
afterAll(() => stage.close());
afterEach(() => {
  stage.host.switches.api = 'normal';
});

const CARD = 'run-progress >>> .card';
const HEALTHY = 'ops-attention >>> [part=calm]';

async function open(path: string, person: 'omar' | 'dana' | 'vera' = 'omar'): Promise<Tab> {
  tab = await openTab(stage, person, path);
  opened.push(tab);
  return tab;
}

/** Switches a fault on, and makes the elements refresh. */
async function fail(api: string): Promise<void> {
  expect(await control(tab.page, '/demo/switch', { api })).toBe(200);
  await refresh(tab.page, 'run-progress');
}

describe('while the API fails', () => {
  it.each(['500', 'garbage'])('keeps the last good data and says how old it is: %s', async (api) => {
    const { page } = await open('/admin/tenants/7');
    await untilTexts(page, CARD, (found) => found.length === 1);
    expect(await texts(page, HEALTHY)).toEqual(['Nothing needs attention.']);
    await fail(api);
    await refresh(tab.page, 'run-progress');
    await untilTexts(page, 'run-progress >>> .notice', ([notice]) => /^As of .*not updating/.test(notice ?? ''));
    expect((await texts(page, CARD))[0]).toContain('Fabrikam compares');
    expect((await texts(page, HEALTHY))[0]).not.toBe('Nothing needs attention.');
    stage.host.switches.api = 'normal';
    await refresh(tab.page, 'run-progress');
    await untilTexts(page, 'run-progress >>> .notice', (found) => found.length === 0);
    await untilTexts(page, HEALTHY, ([text]) => text === 'Nothing needs attention.');
  });

  it('never says that nothing needs attention before it knows', async () => {
    stage.host.switches.api = '500';
    const { page } = await open('/admin/tenants/7');
    const [notice] = await untilTexts(page, 'ops-attention >>> .notice', ([text]) =>
      /cannot be loaded/.test(text ?? ''),
    );
    expect(notice).toContain('Operations cannot be loaded');
    expect(await texts(page, HEALTHY)).toEqual([]);
  });

  it('waits for an API that is slow', async () => {
    stage.host.switches.api = 'slow';
    const { page } = await open('/admin/tenants/7');
    expect((await texts(page, 'run-progress >>> .notice')).join()).toContain('Loading');
    // Three responses, one after another, of 4 s each.
    await untilTexts(page, CARD, (found) => found.length === 1, 20_000);
  });

  it('stops and offers to sign in when the session is over, and comes back to the same URL', async () => {
    const { page, asked } = await open('/admin/operations?tenant_id=7&activeTab=active');
    await untilTexts(page, 'ops-list >>> tr.row', (found) => found.length === 1);
    expect(await control(page, '/demo/expire')).toBe(200);
    await refresh(page, 'ops-list');
    await untilTexts(page, '#session-over', ([text]) => /expired/.test(text ?? ''));
    expect(await texts(page, 'ops-list >>> tr.row')).toEqual([]);
    const before = asked.length;
    await new Promise((resolve) => setTimeout(resolve, 4000));
    expect(asked.length).toBe(before);
    await Promise.all([page.waitForNavigation(), page.click('#session-over a')]);
    await Promise.all([page.waitForNavigation(), page.click('button[value=dana]')]);
    expect(page.url()).toMatch(/tenant_id=7&activeTab=active$/);
    await untilTexts(page, 'ops-list >>> tr.row', (found) => found.length === 1);
  });

  it.each([
    ['403', 'You do not have access to these operations.'],
    ['404', 'Not found, or you do not have access.'],
  ])('clears at once when the right to see is gone: %s', async (api, said) => {
    const { page } = await open('/admin/tenants/7');
    await untilTexts(page, CARD, (found) => found.length === 1);
    await fail(api);
    for (const tag of ['run-progress', 'ops-kpis', 'ops-attention', 'ops-list']) {
      await untilTexts(page, `${tag} >>> .notice`, ([text]) => text?.startsWith(said) === true);
    }
    expect(await page.evaluate(() => document.querySelector('run-progress')?.shadowRoot?.textContent)).not.toContain(
      'compares',
    );
  });

  it('tells a member that they lack the capability, on a page of the host', async () => {
    const { page } = await open('/admin/tenants/8', 'vera');
    expect(await texts(page, 'main h1')).toContain('You may not see operations here');
    expect(await page.evaluate(async () => (await fetch(location.href)).status)).toBe(403);
    await page.goto(`${stage.host.origin}/admin/tenants/8/members`);
    expect((await texts(page, 'tbody tr')).join()).toContain('Vera Lindqvist');
  });
});

describe('several tabs and tenants', () => {
  it('shows only the other tenant, though the response for the first is still pending', async () => {
    const { page } = await open('/admin/tenants/7');
    await untilTexts(page, CARD, (found) => found.length === 1);
    stage.host.switches.api = 'slow';
    const late = refresh(page, 'run-progress');
    await page.click('[data-switch-to="8"]');
    expect((await texts(page, CARD)).join()).not.toContain('Fabrikam');
    expect(page.url()).toMatch(/\/admin\/tenants\/8$/);
    stage.host.switches.api = 'normal';
    const [card] = await untilTexts(page, CARD, (found) => found.length === 1, 20_000);
    expect(card).toContain('Northwind compares');
    await new Promise((resolve) => setTimeout(resolve, 4500));
    expect((await texts(page, CARD)).join()).not.toContain('Fabrikam');
    await late;
    await page.goBack();
    await untilTexts(page, CARD, ([text]) => /Fabrikam compares/.test(text ?? ''));
    expect(await texts(page, 'h1')).toEqual(['Fabrikam']);
  });

  it('shows the same in two tabs, and what is started in one appears in the other', async () => {
    const { page, context } = await open('/admin/tenants/7');
    const second = await openPage(context, stage.host.origin);
    opened.push(second);
    await second.page.goto(`${stage.host.origin}/admin/operations?tenant_id=7`);
    await untilTexts(second.page, 'ops-list >>> tr.row', (found) => found.length === 1);
    expect(await control(page, '/demo/runs', { tenant: '7', type: 'tenant_backup' })).toBe(201);
    await untilTexts(second.page, 'ops-list >>> tr.row', (found) => found.length === 2);
    await page.bringToFront();
    await untilTexts(page, CARD, (found) => found.length === 2);
  });

  it('is not misled by a server whose clock is an hour off', async () => {
    const { page } = await open('/admin/tenants/7');
    await untilTexts(page, CARD, (found) => found.length > 0);
    for (const clock of ['3600000', '-3600000', '0']) {
      expect(await control(page, '/demo/switch', { clock })).toBe(200);
      await page.reload();
      await find(page, CARD);
      expect(await texts(page, 'run-progress >>> .card[data-elevated]')).toEqual([]);
      expect((await texts(page, CARD)).join()).not.toMatch(/\d h/);
    }
  });

  it('does nothing that the pages forbid, and hits no error', () => {
    expect(opened.flatMap(({ complaints }) => complaints)).toEqual([]);
    expect(stage.errors).toEqual([]);
  });
});
