// npm run gallery: serves the gallery to look at, and the example of each element at /<tag>. npm run gallery shots [text…]: retakes its pictures, or those whose name
// contains one of the texts or all.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serveGallery } from './gallery/serve.mjs';
import { openCamera, pictures, picturesFolder } from './gallery/shots.mjs';
import { smaller } from './gallery/small-png.mjs';

const [job, ...texts] = process.argv.slice(2);
if (job === 'shots') {
  mkdirSync(picturesFolder, { recursive: true });
  const camera = await openCamera();
  let bytes = 0;
  for (const picture of pictures) {
    if (texts.length > 0 && !texts.some((text) => picture.name.includes(text))) continue;
    const png = smaller(await camera.take(picture));
    writeFileSync(join(picturesFolder, `${picture.name}.png`), png);
    bytes += png.length;
    process.stdout.write(`${picture.name} ${Math.round(png.length / 1024)} kB\n`);
  }
  await camera.close();
  process.stdout.write(`${Math.round(bytes / 1024)} kB in all\n`);
} else {
  const { origin } = await serveGallery(Number(process.env.PORT ?? 4180));
  process.stdout.write(`Gallery: ${origin}\n`);
}
