import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocksOf } from './test-guide.js';

/** Writes the config of the guide to a wall screen into a folder, with the systems of a test instead of its hosts. */
export function writeGuideConfig(folder: string, origin: string): void {
  const [config = ''] = blocksOf('wall-screen.md', 'yaml');
  const here = config
    .replace('repository: acme/web', `repository: acme/web\n    url: ${origin}/github`)
    .replace('https://airflow.example', `${origin}/airflow`)
    .replace('https://billing.example', `${origin}/billing`);
  writeFileSync(join(folder, 'tardy.config.yaml'), `version: 1\n${here}`);
}
