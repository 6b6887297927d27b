// npm run check: everything that can be checked without running the tests. Every step counts as one test.
// With names as arguments, only these steps: `node scripts/check.mjs lint sizes`.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { finish, printStep } from './counts.mjs';
import { findBannedWords } from './banned-words.mjs';
import { findBrokenLinks } from './doc-links.mjs';
import { findSlowExpressions } from './expressions.mjs';
import { generated } from './generated.mjs';
import { findImportCycles } from './import-cycles.mjs';
import { tryInstalled } from './installed.mjs';
import { minifyLiterals } from './literals.mjs';
import { pack } from './pack.mjs';
import { measureSizes, sizeTable } from './sizes.mjs';
import { findSourceGaps } from './source-folders.mjs';
import { sourceKinds, sourcesFolder } from './source-tables.mjs';
import { capture, runTool } from './tool.mjs';
import { packages, root } from './workspace.mjs';

const steps = {
  types: checkTypes,
  lint: () => runTool('oxlint', ['--type-aware', '--deny-warnings']),
  format: () => runTool('prettier', ['--check', '--log-level', 'warn', '.']),
  unused: () => runTool('knip', ['--treat-config-hints-as-errors']),
  cycles: () => expectNone(findImportCycles()),
  sources: async () => expectNone(findSourceGaps(join(root, sourcesFolder), await sourceKinds())),
  links: () => expectNone(findBrokenLinks()),
  words: () => expectNone(findBannedWords()),
  expressions: async () => expectNone(await findSlowExpressions()),
  generated: checkGenerated,
  sizes: checkSizes,
  ...Object.fromEntries(packages.map((one) => [`package ${one.name}`, () => checkPackage(one)])),
  installed: checkInstalled,
};

export const checkNames = Object.keys(steps);

/** Runs the steps, prints each, and says how many passed. */
async function runChecks(names) {
  const counts = { passed: 0, failed: 0 };
  for (const name of names) {
    const { ok, detail } = await attempt(steps[name] ?? unknownStep(name));
    printStep({ name: `check ${name}`, ok, detail });
    counts[ok ? 'passed' : 'failed'] += 1;
  }
  return counts;
}

async function attempt(step) {
  try {
    return await step();
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function unknownStep(name) {
  return () => ({ ok: false, detail: `There is no such check: ${name}. There are: ${checkNames.join(', ')}.` });
}

/** Forced: the compiler does not notice that the libraries of a project changed. */
async function checkTypes() {
  const result = runTool('tsc', ['-b', '--force']);
  // That rewrote the modules, and later steps check what is published.
  await minifyLiterals();
  return result;
}

function expectNone(problems) {
  return { ok: problems.length === 0, detail: problems.join('\n') };
}

async function checkGenerated() {
  const problems = [];
  for (const { path, make } of generated) {
    const file = join(root, path);
    const current = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
    if (current !== (await make())) problems.push(`${path} is not current. Run: npm run generate`);
  }
  return expectNone(problems);
}

async function checkSizes() {
  const sizes = await measureSizes();
  const problems = sizes.flatMap(({ name, bytes, limitGzipBytes, problem }) => {
    if (bytes === undefined) return [`${name}: ${problem}`];
    return bytes <= limitGzipBytes ? [] : [`${name} is ${bytes - limitGzipBytes} bytes over its limit.`];
  });
  return { ok: problems.length === 0, detail: [sizeTable(sizes), ...problems].join('\n') };
}

/** Checks the package as it would be published: its manifest, and that its types match its code. */
function checkPackage({ directory, manifest }) {
  const scratch = mkdtempSync(join(tmpdir(), 'tardy-pack-'));
  try {
    const packed = pack(directory, scratch);
    if (!packed.ok) return packed;
    const { tarball, files } = packed;
    const results = [checkLicense(files), runTool('publint', ['run', tarball, '--strict'])];
    if (manifest.exports !== undefined) results.push(runTool('attw', [tarball, '--profile', 'esm-only', '--no-color']));
    if (manifest.bin !== undefined) results.push(checkCommand({ tarball, scratch, manifest }));
    const failures = results.filter(({ ok }) => !ok);
    return { ok: failures.length === 0, detail: failures.map(({ detail }) => detail).join('\n') };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function checkInstalled() {
  const scratch = mkdtempSync(join(tmpdir(), 'tardy-installed-'));
  try {
    const packed = packages.map(({ directory }) => pack(directory, scratch));
    const failure = packed.find(({ ok }) => !ok);
    if (failure !== undefined) return failure;
    const tarballs = packed.map(({ tarball }) => tarball);
    return await tryInstalled(tarballs, mkdtempSync(join(scratch, 'project-')));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** npm takes a LICENSE along if there is one: the package needs its own. */
function checkLicense(files) {
  const own = files.includes('LICENSE');
  return { ok: own, detail: 'There is no LICENSE in the package. Copy that of the root.' };
}

/** The packed command runs from an empty folder, with nothing installed beside it, and knows its version. */
function checkCommand({ tarball, scratch, manifest }) {
  const unpacked = capture('tar', ['-xzf', tarball, '-C', scratch]);
  if (!unpacked.ok) return unpacked;
  const [command] = Object.values(manifest.bin);
  const { ok, stdout, detail } = capture(process.execPath, [join(scratch, 'package', command), '--version'], {
    cwd: scratch,
  });
  return { ok: ok && stdout.includes(manifest.version), detail: `${command} --version printed: ${detail}` };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2);
  finish([await runChecks(names.length === 0 ? checkNames : names)]);
}
