import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCamera, pictures, picturesFolder, TAGS } from './gallery/shots.mjs';
import { root } from './workspace.mjs';

/** Where what differs is left to be looked at. */
const differencesFolder = join(root, 'node_modules/.cache/gallery-differences');

/** So many pixels may differ, for the curves that the last digit of a number decides. A letter is more. */
const TOLERATED = 12;

// The packaged browser is there for this platform only. Elsewhere the test is shown as skipped, and says why.
const hasPackagedBrowser = process.platform === 'linux' && process.arch === 'x64';

describe.skipIf(!hasPackagedBrowser)('The gallery looks as it did (needs the packaged browser, for Linux x64)', () => {
  let camera;
  beforeAll(async () => {
    rmSync(differencesFolder, { recursive: true, force: true });
    camera = await openCamera();
  }, 60_000);
  afterAll(() => camera?.close());

  test.for(TAGS)('the example of %s is live at its name', async (tag) => {
    expect(await camera.textOf(tag)).toMatch(/Likely stuck/);
  });

  test.for(pictures)('$name', { timeout: 60_000 }, async (picture) => {
    expect(compare(picture.name, await camera.take(picture))).toBe('as it was');
  });
});

test('the kept pictures are those of the gallery, and small', () => {
  const files = readdirSync(picturesFolder);
  expect(files.toSorted()).toEqual(pictures.map(({ name }) => `${name}.png`).toSorted());
  const bytes = files.reduce((sum, file) => sum + statSync(join(picturesFolder, file)).size, 0);
  expect(bytes).toBeLessThan(1_850_000);
});

/** What became of a picture; what differs is kept to be looked at. */
function compare(name, taken) {
  const kept = PNG.sync.read(readFileSync(join(picturesFolder, `${name}.png`)));
  const now = PNG.sync.read(taken);
  const { width, height } = kept;
  if (now.width !== width || now.height !== height) {
    return differs(name, taken, `${now.width} × ${now.height} instead of ${width} × ${height}`);
  }
  const difference = new PNG({ width, height });
  // Kept pictures have fewer colours than what is drawn: hence the threshold.
  const pixels = pixelmatch(kept.data, now.data, difference.data, width, height, { threshold: 0.15 });
  return pixels <= TOLERATED ? 'as it was' : differs(name, PNG.sync.write(difference), `${pixels} pixels differ`);
}

function differs(name, png, what) {
  mkdirSync(differencesFolder, { recursive: true });
  const file = join(differencesFolder, `${name}.png`);
  writeFileSync(file, png);
  return `${what}: look at ${file}. If it is meant: npm run gallery shots ${name}`;
}
