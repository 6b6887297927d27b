// Systems that come as Debian packages.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runToEnd } from '../processes.mjs';

const FOLDERS = ['/usr/local/bin', '/usr/bin', '/usr/local/sbin', '/usr/sbin'];

/** Installs the packages unless the program is there already; needs the rights to do so. */
export async function debianProgram(program, packages) {
  const found = () => FOLDERS.map((folder) => join(folder, program)).find((path) => existsSync(path));
  if (found() === undefined) {
    // A service that the package would start is none of ours, and would hold its port.
    const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    await runToEnd('apt-get', ['install', '--yes', '--no-install-recommends', ...packages], { env });
  }
  const path = found();
  if (path === undefined) throw new Error(`There is no ${program} after installing ${packages.join(', ')}.`);
  return path;
}
