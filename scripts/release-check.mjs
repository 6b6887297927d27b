// npm run release:check: what has to hold before a release, beyond npm test. It looks at the npm packages that are shipped,
// bundled or as dependencies: the registry has signed each of them, and a bill of materials (CycloneDX) of each of our
// packages is written to dist/. Needs a build and the registry.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finish, printStep } from './counts.mjs';
import { packagesNamedIn } from './third-party.mjs';
import { capture } from './tool.mjs';
import { packages } from './workspace.mjs';

const counts = { passed: 0, failed: 0 };
for (const one of packages) {
  report(`repository of ${one.name}`, checkRepository(one));
  const scratch = mkdtempSync(join(tmpdir(), 'tardy-release-'));
  try {
    report(`install what ${one.name} ships`, install(one, scratch));
    report(`signatures of what ${one.name} ships`, npm(['audit', 'signatures'], scratch));
    report(`bill of materials of ${one.name}`, writeBillOfMaterials(one, scratch));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
finish([counts]);

function report(name, { ok, detail }) {
  printStep({ name, ok, detail: ok ? '' : detail });
  counts[ok ? 'passed' : 'failed'] += 1;
}

/** npm refuses provenance for a package that names another repository than the one it is built in. */
function checkRepository({ folder, manifest }) {
  const { hostname } = new URL(manifest.repository.url.replace(/^git\+/, ''));
  return {
    ok: !hostname.endsWith('.example'),
    detail: `packages/${folder}/package.json has a placeholder. Set repository.url to the URL of the repository.`,
  };
}

/** By npm, in a folder of its own: its audit and its bill of materials do not read what pnpm installs. */
function install({ manifest }, scratch) {
  const { name, version, license } = manifest;
  writeFileSync(
    join(scratch, 'package.json'),
    JSON.stringify({ name, version, license, dependencies: shippedBy(manifest) }),
  );
  return npm(['install', '--ignore-scripts', '--no-audit', '--no-fund'], scratch);
}

/** The packages by version: its dependencies, those of our own packages it depends on, and what is in its bundle. */
function shippedBy({ name, dependencies = {} }) {
  const { directory } = packages.find((one) => one.name === name);
  const ours = packages.filter((one) => one.name in dependencies).map(({ manifest }) => shippedBy(manifest));
  const theirs = Object.entries(dependencies).filter(([, version]) => !version.startsWith('workspace:'));
  return Object.assign({}, ...ours, Object.fromEntries(theirs), bundledIn(directory));
}

function bundledIn(directory) {
  let licenses;
  try {
    licenses = readFileSync(join(directory, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
  return Object.fromEntries(packagesNamedIn(licenses).map(({ name, version }) => [name, version]));
}

function writeBillOfMaterials({ directory, folder }, scratch) {
  const made = npm(['sbom', '--sbom-format=cyclonedx', '--sbom-type=library'], scratch);
  if (!made.ok) return made;
  const file = join(directory, 'dist/sbom.cdx.json');
  const { components } = JSON.parse(made.stdout);
  writeFileSync(file, made.stdout);
  process.stdout.write(`      packages/${folder}/dist/sbom.cdx.json: ${components.length} components\n`);
  return { ok: components.length > 0, detail: 'It lists no components.' };
}

function npm(args, cwd) {
  return capture('npm', args, { cwd, shell: process.platform === 'win32' });
}
