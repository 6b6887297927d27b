// npm run pack: writes the npm packages as files into dist/, as they would be published. By pnpm, since npm leaves the
// `workspace:` versions in, which nobody can install.
import { mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { capture } from './tool.mjs';
import { packages, root } from './workspace.mjs';

/**
 * Packs the package in that folder.
 *
 * @returns `{ ok, detail, tarball, files }`: the path of the file written and the paths in it.
 */
export function pack(directory, destination) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const args = ['--yes', '--loglevel=error', packageManager, 'pack', '--json', '--pack-destination', destination];
  const shell = process.platform === 'win32';
  const packed = capture('npx', args, { cwd: directory, shell, env: { ...process.env, CI: 'true' } });
  if (!packed.ok) return packed;
  const { filename, files } = JSON.parse(packed.stdout);
  return { ...packed, tarball: join(destination, basename(filename)), files: files.map(({ path }) => path) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const destination = join(root, 'dist');
  mkdirSync(destination, { recursive: true });
  for (const { directory } of packages) {
    const { ok, detail, tarball } = pack(directory, destination);
    process.stdout.write(ok ? `packed ${tarball}\n` : detail);
    if (!ok) process.exitCode = 1;
  }
}
