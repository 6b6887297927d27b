import { createPolicy } from '@tardy/core';
import type { OpsElement } from '@tardy/elements';
import { connect, type Browser, type BrowserContext, type ElementHandle, type Page } from 'puppeteer-core';
import { inject } from 'vitest';
import { startHost, type Host } from './host.js';
import type { Person } from './people.js';

/** A host with real workers and nothing to do, and a browser that looks at it. */
export type Stage = {
  readonly host: Host;
  readonly browser: Browser;
  /** What went wrong in the host. */
  readonly errors: unknown[];
  readonly close: () => Promise<void>;
};

/** A tab of somebody who has signed in. */
export type Tab = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page was not allowed to do, and what it threw. */
  readonly complaints: string[];
  /** The paths of the API that were asked for, in their order. */
  readonly asked: string[];
};

/** Starts both. `lateMs` and `staleMs` are thresholds of silence. */
export async function openStage(options: { restMs: number; lateMs: number; staleMs: number }): Promise<Stage> {
  const { restMs, lateMs, staleMs } = options;
  const errors: unknown[] = [];
  const host = await startHost({
    port: 0,
    workerFile: inject('workerFile'),
    pagesFolder: inject('pagesFolder'),
    policy: createPolicy({ version: 1, defaults: { silence: { late: `${lateMs}ms`, stale: `${staleMs}ms` } } }),
    restMs,
    onError: (error) => errors.push(error),
  });
  const browser = await connect({ browserWSEndpoint: inject('browserWSEndpoint') });
  return {
    host,
    browser,
    errors,
    async close() {
      // The browser stays: the files share it, one after another (see e2e/test-setup.ts).
      const own = browser.browserContexts().filter((context) => context !== browser.defaultBrowserContext());
      await Promise.all(own.map((context) => context.close()));
      await browser.disconnect();
      await host.stop();
    },
  };
}

/** Signs in as a person does, in a tab with cookies of its own, and goes where `path` says. */
export async function openTab({ browser, host }: Stage, person: Person, path: string): Promise<Tab> {
  const context = await browser.createBrowserContext();
  const tab = await openPage(context, host.origin);
  await tab.page.goto(`${host.origin}/sign-in?return=${encodeURIComponent(path)}`);
  await Promise.all([tab.page.waitForNavigation(), tab.page.click(`button[value=${person}]`)]);
  return tab;
}

/** One more tab of the same browser session. */
export async function openPage(context: BrowserContext, origin: string): Promise<Tab> {
  const page = await context.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (/Content Security|Trusted ?Type|TrustedHTML/i.test(message.text())) complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (request.url().startsWith(`${origin}/api/`)) asked.push(request.url().slice(origin.length));
  });
  return { page, context, complaints, asked };
}

/** The texts of what a selector finds; `>>>` looks into shadow roots. */
export async function texts(page: Page, selector: string): Promise<string[]> {
  return page.$$eval(selector, (found) => found.map(({ textContent }) => textContent.replace(/\s+/g, ' ').trim()));
}

/** Waits until the texts of a selector are as wanted. */
export async function untilTexts(
  page: Page,
  selector: string,
  wanted: (found: string[]) => boolean,
  timeoutMs = 40_000,
): Promise<string[]> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const found = await texts(page, selector).catch(whileNavigating);
    if (wanted(found)) return found;
    if (Date.now() > end)
      throw new Error(`Waited without success at ${page.url()} for ${selector}: ${JSON.stringify(found)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A page that leads on to another has no texts meanwhile. */
function whileNavigating(error: unknown): string[] {
  if (error instanceof Error && error.message.startsWith('Execution context was destroyed')) return [];
  throw error;
}

/** Waits until there is something. Puppeteer's own way to wait does not notice what appears in a shadow root. */
export async function find(page: Page, selector: string): Promise<ElementHandle> {
  await untilTexts(page, selector, (found) => found.length > 0);
  const element = await page.$(selector);
  if (element === null) throw new Error(`It is gone again: ${selector}`);
  return element;
}

/** Follows a link or presses a button that leads to another page. */
export async function follow(page: Page, selector: string): Promise<void> {
  const element = await find(page, selector);
  await Promise.all([page.waitForNavigation(), element.click()]);
}

/** Asks the host as the control strip does, from within the page. */
export async function control(
  page: Page,
  path: string,
  values: Readonly<Record<string, string>> = {},
): Promise<number> {
  return page.evaluate(
    async (address, body) => (await fetch(address, { method: 'POST', body: new URLSearchParams(body) })).status,
    path,
    values,
  );
}

/** Makes an element refresh. */
export async function refresh(page: Page, tag: string): Promise<void> {
  await page.evaluate((name) => document.querySelector<OpsElement>(name)?.refresh(), tag);
}
