// Takes the pictures of the gallery: each element by theme and width, and once in German, right to left, and in forced colours.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch } from 'puppeteer-core';
import { findChrome } from '../chrome.mjs';
import { root } from '../workspace.mjs';
import { serveGallery } from './serve.mjs';

/** Where the pictures are kept. */
export const picturesFolder = join(root, 'docs/images/gallery');

/** The elements. */
export const TAGS = ['run-progress', 'ops-kpis', 'ops-attention', 'ops-list', 'run-detail'];
const WIDTHS = { wide: 1120, middle: 720, narrow: 360 };

/** Every picture: its name, and how the page is opened for it. Some show only the main states, to keep the repository small. */
export const pictures = TAGS.flatMap((tag) =>
  [
    { name: 'light-wide', width: WIDTHS.wide, query: { theme: 'light' } },
    { name: 'dark-wide', width: WIDTHS.wide, query: { theme: 'dark' } },
    { name: 'light-narrow', width: WIDTHS.narrow, query: { theme: 'light' } },
    { name: 'dark-narrow', width: WIDTHS.narrow, query: { theme: 'dark', chief: '' } },
    { name: 'light-middle', width: WIDTHS.middle, query: { theme: 'light', chief: '' } },
    { name: 'dark-middle', width: WIDTHS.middle, query: { theme: 'dark', chief: '' } },
    { name: 'de', width: WIDTHS.middle, query: { theme: 'light', lang: 'de', chief: '' } },
    { name: 'rtl', width: WIDTHS.middle, query: { theme: 'light', dir: 'rtl', chief: '' } },
    { name: 'forced', width: WIDTHS.middle, query: { theme: 'dark', chief: '' }, forced: true },
  ].map(({ name, width, query, forced = false }) => {
    // The detail of ten runs on top of each other would be a very long picture.
    const chief = tag === 'run-detail' && width === WIDTHS.narrow ? { chief: '' } : {};
    return { name: `${tag}-${name}`, tag, width, forced, query: { ...query, ...chief } };
  }),
);

/** A camera with the packaged browser and fonts, so that pictures of two machines match. */
export async function openCamera() {
  const executablePath = await findBundledChrome();
  const gallery = await serveGallery();
  const browser = await launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--font-render-hinting=none',
      '--disable-lcd-text',
      '--force-color-profile=srgb',
      '--hide-scrollbars',
    ],
  });
  return {
    async take({ tag, width, query, forced }) {
      const page = await browser.newPage();
      try {
        const problems = [];
        page.on('pageerror', (error) => problems.push(String(error)));
        await page.setViewport({ width, height: 800 });
        // Through the protocol: puppeteer's own call does not support forced colours.
        const session = await page.createCDPSession();
        await session.send('Emulation.setEmulatedMedia', {
          features: [
            { name: 'prefers-reduced-motion', value: 'reduce' },
            { name: 'forced-colors', value: forced ? 'active' : 'none' },
          ],
        });
        await page.goto(`${gallery.origin}/?${new URLSearchParams({ ...query, only: tag })}`);
        await page.waitForSelector('html[data-ready]', { timeout: 20_000 });
        const group = await page.$('.group');
        const { height } = await group.boundingBox();
        // As high as its content: parts outside the viewport may not be rendered.
        await page.setViewport({ width, height: Math.ceil(height) });
        await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
        if (problems.length > 0) throw new Error(problems.join('\n'));
        // Of an element, or beyond the viewport, a page from right to left is shifted.
        return Buffer.from(await page.screenshot({ captureBeyondViewport: false }));
      } finally {
        await page.close();
      }
    },
    /** The text of an element's example page. */
    async textOf(tag) {
      const page = await browser.newPage();
      try {
        await page.goto(`${gallery.origin}/${tag}`);
        const element = await page.waitForSelector(`${tag}:defined`);
        return await element.evaluate(async (one) => {
          await one.updateComplete;
          return one.shadowRoot.textContent;
        });
      } finally {
        await page.close();
      }
    },
    async close() {
      await browser.close();
      gallery.close();
    },
  };
}

/** The packaged browser with the packaged fonts and no others. */
async function findBundledChrome() {
  const { CHROME_PATH, BUNDLED_CHROME } = process.env;
  delete process.env.CHROME_PATH;
  process.env.BUNDLED_CHROME = '1';
  try {
    const path = await findChrome();
    const folder = join(path, '..');
    const fonts = join(folder, 'fonts-of-gallery.conf');
    writeFileSync(
      fonts,
      '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">' +
        `<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/fontcache-of-gallery</cachedir></fontconfig>\n`,
    );
    process.env.FONTCONFIG_FILE = fonts;
    return path;
  } finally {
    if (CHROME_PATH !== undefined) process.env.CHROME_PATH = CHROME_PATH;
    if (BUNDLED_CHROME === undefined) delete process.env.BUNDLED_CHROME;
  }
}
