import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import type { OpsElement } from '@tardy/elements';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../api-client.js';
import { find, openStage, openTab, refresh, texts, untilTexts, type Stage, type Tab } from '../test-browser.js';

const STALE_MS = 4500;
let stage: Stage;
let tab: Tab;
let id: string;

beforeAll(async () => {
  stage = await openStage({ restMs: 500, lateMs: 2500, staleMs: STALE_MS });
  const { host } = stage;
  id = await host.order({ tenant: '7', type: 'baseline_compare', title: 'Compare', by: 'dana' });
  tab = await openTab(stage, 'dana', '/admin/tenants/7');
  await untilTexts(tab.page, 'run-progress >>> .card', ([card]) => / of 24 policies/.test(card ?? ''));
});
afterAll(() => stage.close());

/** What each surface says of the run, frame by frame, and only where that changes. */
type Frame = { readonly at: number; readonly words: string };
type Watched = Window & { seen: Frame[] };

describe('a run that crosses a threshold', () => {
  it('flips on every surface in the same frame, without a request', async () => {
    const { page } = tab;
    // The page of the run, beside the others.
    await page.evaluate((runId) => {
      const { src, tenant } = document.querySelector('ops-list') as OpsElement;
      document.body.append(Object.assign(document.createElement('run-detail'), { src, tenant, runId }));
    }, id);
    await untilTexts(page, 'run-detail >>> .summary .badge', ([badge]) => badge === 'Running');
    await page.evaluate(() => {
      const frames: Frame[] = ((window as unknown as Watched).seen = []);
      const inside = (tag: string, selector: string) =>
        document.querySelector(tag)?.shadowRoot?.querySelector(selector)?.textContent.trim() ?? '-';
      const look = () => {
        const words = [
          inside('run-progress', '.card .badge'),
          inside('ops-attention', '.row .badge'),
          inside('ops-list', 'tr.row .badge'),
          inside('run-detail', '.summary .badge'),
          inside('ops-kpis', '[part~=figure-late] .value'),
          inside('ops-kpis', '[part~=figure-likely-stale] .value'),
        ].join(' | ');
        if (frames.at(-1)?.words !== words) frames.push({ at: performance.now(), words });
        requestAnimationFrame(look);
      };
      look();
    });
    await stage.host.killWorkerOf(id);
    await refresh(page, 'run-progress');
    // From here there are no requests, and none would succeed: what flips now, flips by itself.
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.setRequestInterception(true);
    const { heartbeat_at: heartbeat } = (await (
      await fetch(`${stage.host.origin}/api/runs/${id}`, {
        headers: { Authorization: `Bearer ${stage.host.tokens.dana}` },
      })
    ).json()) as { heartbeat_at: string };
    const frames = () => page.evaluate(() => (window as unknown as Watched).seen);
    await until('the run to be stuck', async () => /stuck/.test((await frames()).at(-1)?.words ?? ''), STALE_MS + 5000);
    const seenAt = Date.now();
    expect((await frames()).map(({ words }) => words)).toEqual([
      'Running | - | Running | Running | 0 | 0',
      'Running late | Running late | Running late | Running late | 1 | 0',
      'Likely stuck | Likely stuck | Likely stuck | Likely stuck | 0 | 1',
    ]);
    const [, late, stuck] = await frames();
    expect((stuck?.at ?? 0) - (late?.at ?? 0)).toBeCloseTo(2000, -3);
    expect(seenAt).toBeGreaterThanOrEqual(Date.parse(heartbeat) + STALE_MS);
    expect(asked).toEqual([]);
    page.removeAllListeners('request');
    await page.setRequestInterception(false);
  });

  it('is described in the words that the command line has for it', async () => {
    const { page } = tab;
    const { host } = stage;
    await page.goto(`${host.origin}/admin/operations/${id}`);
    await find(page, 'run-detail >>> .summary .badge');
    const shown = async () => {
      const file = createRequire(import.meta.url).resolve('@tardy/cli/bin/tardy.mjs');
      const env = { ...process.env, TARDY_TOKEN: host.tokens.dana };
      // Exit code 1: the run is stuck.
      const { stdout } = await promisify(execFile)(process.execPath, [file, 'show', `runs:${host.origin}/api`, id], {
        env,
      }).catch((error: unknown) => error as { stdout: string });
      return Object.fromEntries(stdout.split('\n').map((line) => line.split('\t') as [string, string]));
    };
    const words = await shown();
    const part = async (name: string) => (await texts(page, `run-detail >>> .summary [part~=${name}]`))[0] ?? '';
    const timeless = (text: string | undefined) => text?.replaceAll(/\d+ (s|min)/g, '# $1');
    expect(words['State']).toBe(await part('badge'));
    expect(words['Title']).toBe(await part('title'));
    expect(timeless(words['Headline'])).toBe(timeless(await part('headline')));
    expect(timeless(`Why ${words['Reason']}`)).toBe(timeless(await part('reason')));
    expect(`What to do ${words['Guidance']}`).toBe(await part('guidance'));
  });

  it('does nothing that the page forbids, and hits no error', () => {
    expect(tab.complaints).toEqual([]);
    expect(stage.errors).toEqual([]);
  });
});
