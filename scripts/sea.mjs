// npm run build:sea: the command as one executable that holds Node itself (a single executable application), for the kind of
// machine that builds it. Needs a build.
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { inject } from 'postject';
import { capture } from './tool.mjs';
import { root } from './workspace.mjs';

/** Marks where Node looks for the program: https://nodejs.org/docs/latest-v20.x/api/single-executable-applications.html */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

const built = join(root, 'packages/cli/dist');
const executable = join(
  root,
  'dist',
  `tardy-${process.platform}-${process.arch}${process.platform === 'win32' ? '.exe' : ''}`,
);
const scratch = mkdtempSync(join(tmpdir(), 'tardy-sea-'));
try {
  await bundle();
  makeBlob();
  mkdirSync(join(root, 'dist'), { recursive: true });
  copyFileSync(process.execPath, executable);
  chmodSync(executable, 0o755);
  await inject(executable, 'NODE_SEA_BLOB', readFileSync(join(scratch, 'tardy.blob')), {
    sentinelFuse: FUSE,
    machoSegmentName: 'NODE_SEA',
  });
  // macOS starts no arm64 program without a signature, and the injection broke that of Node.
  if (process.platform === 'darwin') must(capture('codesign', ['--force', '--sign', '-', executable]));
  copyFileSync(join(built, 'THIRD-PARTY-LICENSES.txt'), `${executable}.THIRD-PARTY-LICENSES.txt`);
  process.stdout.write(`built ${executable}\n`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Node runs one CommonJS script from such an executable. */
function bundle() {
  return build({
    entryPoints: [join(built, 'main.mjs')],
    outfile: join(scratch, 'tardy.cjs'),
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    banner: { js: "const tardyUrl = require('node:url').pathToFileURL(process.execPath).href;" },
    define: { 'import.meta.url': 'tardyUrl' },
    legalComments: 'none',
    logLevel: 'error',
  });
}

function makeBlob() {
  const page = join(built, 'page');
  const config = {
    main: join(scratch, 'tardy.cjs'),
    output: join(scratch, 'tardy.blob'),
    disableExperimentalSEAWarning: true,
    assets: Object.fromEntries(readdirSync(page).map((name) => [name, join(page, name)])),
  };
  const file = join(scratch, 'sea-config.json');
  writeFileSync(file, JSON.stringify(config));
  must(capture(process.execPath, ['--experimental-sea-config', file]));
}

function must({ ok, detail }) {
  if (!ok) throw new Error(detail);
}
