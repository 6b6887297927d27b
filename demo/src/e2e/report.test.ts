import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { connect, type Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { find, openPage, texts, untilTexts } from '../test-browser.js';
import { argumentsOf, blocksOf } from '../test-guide.js';
import { startSystems } from '../test-systems.js';
import { writeGuideConfig } from '../test-guide-config.js';

// The command of docs/guides/nightly-report.md, and the file that it writes, opened from the disk.

const SECRETS = { GITHUB_TOKEN: 'token-of-github', AIRFLOW_TOKEN: 'token-of-airflow' };
const folder = mkdtempSync(join(tmpdir(), 'tardy-report-'));
let systems: Awaited<ReturnType<typeof startSystems>>;
let browser: Browser;
let said: string;

beforeAll(async () => {
  systems = await startSystems();
  browser = await connect({ browserWSEndpoint: inject('browserWSEndpoint') });
  writeGuideConfig(folder, systems.origin);
  const [line = ''] = blocksOf('nightly-report.md', 'sh');
  const file = createRequire(import.meta.url).resolve('@tardy/cli/bin/tardy.mjs');
  const env = { ...process.env, ...SECRETS, CI: '' };
  const args = argumentsOf(line.trim()).slice(1);
  said = (await promisify(execFile)(process.execPath, [file, ...args], { cwd: folder, env })).stderr;
});
afterAll(async () => {
  await browser.disconnect();
  await systems.close();
  rmSync(folder, { recursive: true });
});

describe('the guide to a nightly report', () => {
  it('writes one file that opens without a network, and shows what was found', async () => {
    expect(said).toContain('Wrote report.html.');
    const context = await browser.createBrowserContext();
    const { page, complaints } = await openPage(context, 'file://');
    const requested: string[] = [];
    page.on('request', (request) => requested.push(request.url()));
    const url = pathToFileURL(join(folder, 'report.html')).href;
    await page.goto(url);
    await untilTexts(page, 'ops-attention >>> .row .title', (found) => found.length === 5);
    expect(await texts(page, 'h1')).toEqual(['2 likely stuck, 1 late of 7 active runs in 3 sources.']);
    expect(await texts(page, 'ops-kpis >>> .value')).toEqual(['7', '2', '1', '2']);
    expect(await texts(page, 'table td:first-child')).toEqual(['github', 'airflow', 'billing']);
    // A run opens in the file itself, and Back leads out of it.
    await (await find(page, 'ops-attention >>> .row a.title')).click();
    await untilTexts(page, 'run-detail >>> .summary .badge', (found) => found.join() === 'Likely stuck');
    await page.goBack();
    await untilTexts(page, 'ops-attention >>> .row .title', (found) => found.length === 5);
    expect(requested.filter((one) => !one.startsWith(url))).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
