// npm run generate: writes every generated file.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generated } from './generated.mjs';
import { root } from './workspace.mjs';

for (const { path, make } of generated) {
  writeFileSync(join(root, path), await make());
  process.stdout.write(`wrote ${path}\n`);
}
if (generated.length === 0) process.stdout.write('Nothing is generated yet.\n');
