import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stateOf, until } from '../api-client.js';
import { find, follow, openStage, openTab, texts, untilTexts, type Stage, type Tab } from '../test-browser.js';

let stage: Stage;
let tab: Tab;
let fresh: string;
let stale: string;

beforeAll(async () => {
  stage = await openStage({ restMs: 1500, lateMs: 4000, staleMs: 6000 });
  const { host } = stage;
  stale = await host.order({ tenant: '7', type: 'baseline_compare', title: 'Compare that dies', by: 'dana' });
  await until('a worker to take it on', async () => (await host.killWorkerOf(stale)) !== undefined, 10_000);
  const isStale = async () => (await stateOf(host.origin, stale, host.tokens.omar)) === 'likely_stale';
  await until('the run to go stale', isStale, 15_000);
  fresh = await host.order({ tenant: '7', type: 'baseline_compare', title: 'Compare that lives', by: 'dana' });
  // One of another tenant, which must not show anywhere.
  await host.order({ tenant: '8', type: 'tenant_backup', title: 'Business of others', by: 'omar' });
  tab = await openTab(stage, 'omar', '/admin/tenants/7');
}, 60_000);
afterAll(() => stage.close());

/** Label, tone and reason as the card or the row or the page of the stale run says them. */
const seen: { label: string; tone: string | undefined }[] = [];

async function wordsOf(container: string): Promise<{ label: string; tone: string | undefined }> {
  const badge = await find(tab.page, `${container} .badge`);
  return badge.evaluate((element) => ({
    label: element.textContent.trim(),
    tone: (element as HTMLElement).dataset['tone'],
  }));
}

describe('the acceptance story', () => {
  it('shows the healthy run plainly and the stale one elevated and counted on the dashboard', async () => {
    const { page } = tab;
    const cards = 'run-progress[tenant="7"] >>> .card';
    await untilTexts(page, cards, (found) => found.length === 2);
    const elevated = await texts(page, `${cards}[data-elevated]`);
    expect(elevated).toHaveLength(1);
    expect(elevated[0]).toContain('Compare that dies');
    expect((await texts(page, `${cards}:not([data-elevated])`))[0]).toContain('Compare that lives');
    expect(await texts(page, 'ops-kpis >>> [part~=figure-active] .value')).toEqual(['2']);
    expect(await texts(page, 'ops-kpis >>> [part~=figure-active] .detail')).toEqual(['1 unhealthy']);
    expect(await texts(page, 'ops-kpis >>> [part~=figure-likely-stale] .value')).toEqual(['1']);
    expect(await texts(page, 'ops-attention >>> .row')).toHaveLength(1);
    expect(await page.evaluate(() => document.body.textContent)).not.toContain('Business of others');
    seen.push(await wordsOf('run-progress >>> .card[data-elevated]'), await wordsOf('ops-attention >>> .row'));
  });

  it('leads from there to the slice of the list, with the tenant kept: one row', async () => {
    const { page } = tab;
    await follow(page, 'ops-attention >>> a.open');
    const { pathname, searchParams } = new URL(page.url());
    expect(pathname).toBe('/admin/operations');
    expect(Object.fromEntries(searchParams)).toEqual({
      tenant_id: '7',
      activeTab: 'active_stale_attention',
      problemClass: 'active_stale_attention',
    });
    const rows = await untilTexts(page, 'ops-list >>> tr.row', (found) => found.length > 0);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toContain('Compare that dies');
    seen.push(await wordsOf('ops-list >>> tr.row'));
  });

  it('leads from the row to the run, which says the same', async () => {
    const { page } = tab;
    await follow(page, 'ops-list >>> tr.row a.title');
    expect(new URL(page.url()).pathname).toBe(`/admin/operations/${stale}`);
    seen.push(await wordsOf('run-detail >>> .summary'));
    expect(new Set(seen.map((words) => JSON.stringify(words))).size).toBe(1);
    // The source of the run is this very page: nothing leads there.
    expect(await texts(page, 'run-detail >>> .facts + a')).toEqual([]);
    expect(await texts(page, 'run-detail >>> [part=reason]')).toEqual([
      expect.stringContaining('6 s without a heartbeat'),
    ]);
  });

  it('comes Back to the slice, and to the dashboard', async () => {
    const { page } = tab;
    await page.goBack();
    expect(page.url()).toContain('activeTab=active_stale_attention');
    await untilTexts(page, 'ops-list >>> tr.row', (found) => found.length === 1);
    expect(await texts(page, 'ops-list >>> [role=tab][aria-selected=true]')).toEqual([
      expect.stringContaining('Needs attention'),
    ]);
    await page.goBack();
    await untilTexts(page, 'run-progress >>> .card', (found) => found.length === 2);
  });

  it('shows the end with its stale lineage everywhere once the run is reconciled', async () => {
    const { page } = tab;
    await page.click('#strip > summary');
    await page.click('#reconcile');
    await untilTexts(page, '#said', ([said]) => said === `Closed ${stale}.`);
    await untilTexts(page, 'ops-kpis >>> [part~=figure-likely-stale] .value', ([value]) => value === '0');
    const closed = (await untilTexts(page, 'ops-attention >>> .row', (found) => /Closed/.test(found[0] ?? ''))).join();
    expect(closed).toContain('Closed after going stale');
    expect(await texts(page, 'run-progress >>> .card[data-elevated]')).toEqual([]);
    expect((await texts(page, 'ops-list >>> tr.row')).join()).toContain('Closed after going stale');
    await page.goto(`${stage.host.origin}/admin/operations/${stale}`);
    const [lineage] = await untilTexts(page, 'run-detail >>> [part=lineage]', (found) => found.length === 1);
    expect(lineage).toContain('closed by the reconciler');
    await page.goto(`${stage.host.origin}/admin/operations?tenant_id=7&activeTab=terminal_follow_up`);
    const rows = await untilTexts(page, 'ops-list >>> tr.row', (found) => found.length > 0);
    expect(rows.join()).toContain('Closed after going stale');
  });

  it('asks no more than once a minute once nothing is active any more', async () => {
    const { page, asked } = tab;
    const { host } = stage;
    await page.goto(`${host.origin}/admin/tenants/7`);
    await untilTexts(page, 'run-progress >>> .card', (found) => found.length > 0);
    await host.killWorkerOf(fresh);
    const headers = { Authorization: `Bearer ${host.tokens.omar}` };
    await fetch(`${host.origin}/demo/runs/${fresh}/close`, { method: 'POST', headers });
    await untilTexts(page, 'ops-kpis >>> [part~=figure-active] .value', ([value]) => value === '0');
    await new Promise((resolve) => setTimeout(resolve, 500));
    const before = asked.length;
    await new Promise((resolve) => setTimeout(resolve, 7000));
    const lists = asked.slice(before).filter((path) => path.includes('status='));
    // At most one load.
    expect(lists.slice(1)).toEqual([]);
  }, 30_000);

  it('does nothing that the page forbids, and hits no error', () => {
    expect(tab.complaints).toEqual([]);
    expect(stage.errors).toEqual([]);
  });
});
