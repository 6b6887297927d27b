import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connect, type Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openPage, texts, untilTexts } from '../test-browser.js';
import { argumentsOf, blocksOf } from '../test-guide.js';
import { writeGuideConfig } from '../test-guide-config.js';
import { startServe } from '../test-served.js';
import { startSystems } from '../test-systems.js';

// The commands of docs/guides/wall-screen.md, run as they stand there; only the hosts in its config are those of this test.

const SECRETS = {
  GITHUB_TOKEN: 'token-of-github',
  AIRFLOW_TOKEN: 'token-of-airflow',
  TARDY_SERVE_TOKEN: 'a-token-for-the-wall',
};
const folder = mkdtempSync(join(tmpdir(), 'tardy-wall-'));
const shell = blocksOf('wall-screen.md', 'sh').flatMap((block) => block.trim().split('\n'));
let systems: Awaited<ReturnType<typeof startSystems>>;
let browser: Browser;

beforeAll(async () => {
  systems = await startSystems();
  browser = await connect({ browserWSEndpoint: inject('browserWSEndpoint') });
  writeGuideConfig(folder, systems.origin);
});
afterAll(async () => {
  await browser.disconnect();
  await systems.close();
  rmSync(folder, { recursive: true });
});

/** What follows the name of a command in the guide, with the config in our folder. */
function guideArguments(command: string, more = ''): string[] {
  const line = shell.find((one) => one.startsWith(command) && one.includes(more));
  if (line === undefined) throw new Error(`The guide has no ${command} with "${more}".`);
  return argumentsOf(line.slice(command.length)).map((word) =>
    word === 'tardy.config.yaml' ? join(folder, 'tardy.config.yaml') : word,
  );
}

describe('the guide to a wall screen', () => {
  it('has a config whose sources doctor can reach', async () => {
    const file = createRequire(import.meta.url).resolve('@tardy/cli/bin/tardy.mjs');
    const env = { ...process.env, ...SECRETS, CI: '' };
    const run = promisify(execFile)(process.execPath, [file, 'doctor', ...guideArguments('tardy doctor ')], { env });
    const { stdout } = await run;
    for (const name of ['github', 'airflow', 'billing']) expect(stdout).toContain(name);
  });

  it('serves all three on the wall, with its first command', async () => {
    const served = await startServe(guideArguments('tardy serve ', '--title'), SECRETS);
    const context = await browser.createBrowserContext();
    try {
      const { page, complaints } = await openPage(context, served.origin);
      await page.goto(served.origin);
      await untilTexts(page, '#sources b', (found) => found.join() === 'github,airflow,billing');
      await untilTexts(page, '#verdict', ([text]) => text === '2 likely stuck, 1 late of 7 active runs in 3 sources.');
      await untilTexts(page, 'ops-attention >>> .row .title', (found) => found.length === 5);
      expect((await texts(page, 'ops-attention >>> .row .title')).slice(0, 2).sort()).toEqual([
        'Compare baseline Q3',
        'Deploy web to production',
      ]);
      expect(complaints).toEqual([]);
      const everything = await page.evaluate(async () => (await fetch('/api/runs')).text());
      for (const secret of Object.values(SECRETS)) expect(everything).not.toContain(secret);
    } finally {
      await context.close();
      expect(await served.stop()).toBe(0);
    }
  });

  it('demands the token, with its second command', async () => {
    const served = await startServe(guideArguments('tardy serve ', '--auth'), SECRETS);
    try {
      const origin = served.origin.replace('localhost', '127.0.0.1');
      expect((await fetch(`${origin}/api/runs`)).status).toBe(401);
      const headers = { Authorization: `Bearer ${SECRETS.TARDY_SERVE_TOKEN}` };
      expect((await fetch(`${origin}/api/runs`, { headers })).status).toBe(200);
    } finally {
      await served.stop();
    }
  });
});
