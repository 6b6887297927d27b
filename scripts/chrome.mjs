// Finds a Chromium: CHROME_PATH, then an installed one, then the one that comes as an npm package (Linux x64).
// BUNDLED_CHROME=1 skips the installed ones, so that every machine runs the same browser.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const INSTALLED = [
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export async function findChrome() {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
  const installed = process.env.BUNDLED_CHROME ? undefined : INSTALLED.find((path) => existsSync(path));
  return installed ?? unpackBundledChrome();
}

async function unpackBundledChrome() {
  const manifest = new URL('../node_modules/@sparticuz/chromium/package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
  // An unpacked browser is reused whatever its version, hence a folder for each.
  const folder = fileURLToPath(new URL(`../node_modules/.cache/chromium-${version}`, import.meta.url));
  mkdirSync(`${folder}/fontcache`, { recursive: true });
  // The package's own fonts.conf knows only /tmp/fonts: without this one, text has no width and no ink.
  const fonts = `${folder}/fonts-of-tests.conf`;
  writeFileSync(
    fonts,
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">' +
      `<fontconfig><dir>${folder}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>${folder}/fontcache</cachedir></fontconfig>\n`,
  );
  process.env.FONTCONFIG_FILE = fonts;
  // The package unpacks into os.tmpdir(), and brings the libraries that a bare machine lacks only if it believes to be on Lambda.
  const { TMPDIR } = process.env;
  process.env.TMPDIR = folder;
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs20.x';
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    return await chromium.executablePath();
  } finally {
    // Test files share this process, and others make folders of their own.
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
}
