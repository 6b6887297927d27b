import { launch } from 'puppeteer-core';
import type { TestProject } from 'vitest/node';
import { buildPages } from '../test-pages.js';
import { buildWorker } from '../test-worker.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the one browser of all end-to-end tests listens. */
    readonly browserWSEndpoint: string;
    readonly workerFile: string;
    readonly pagesFolder: string;
  }
}

/** Builds once and starts one browser for all files; gives how to stop it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  project.provide('workerFile', await buildWorker());
  project.provide('pagesFolder', await buildPages());
  const finder = new URL('../../../scripts/chrome.mjs', import.meta.url).href;
  const { findChrome } = (await import(finder)) as { findChrome: () => Promise<string> };
  const browser = await launch({
    executablePath: await findChrome(),
    // A test machine may have neither a sandbox, nor a large /dev/shm, nor a graphics card.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
  project.provide('browserWSEndpoint', browser.wsEndpoint());
  return () => browser.close();
}
