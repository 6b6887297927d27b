// The packed packages as a user gets them: installed by npm in an empty project, where an element renders in a browser, the
// core judges a run, `npx` starts the command, and the CI steps find a stuck run with it.
import { createReadStream, existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { build } from 'esbuild';
import puppeteer from 'puppeteer-core';
import { findChrome } from './chrome.mjs';
import { runAction, runComponent } from './ci-steps.mjs';
import { capture } from './tool.mjs';

const QUEUED = '2026-01-01T00:00:00Z';
const RUN = {
  id: '7',
  type: 'sync',
  title: 'Sync directory',
  status: 'running',
  queued_at: QUEUED,
  started_at: QUEUED,
};

/** Installs the tarballs in an empty folder and uses them there; says what does not work. */
export async function tryInstalled(tarballs, project) {
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  const installed = npm(['install', '--no-audit', '--no-fund', ...tarballs], project);
  if (!installed.ok) return installed;
  const command = tarballs.find((path) => path.includes('tardy-cli-'));
  const problems = [
    judges(project),
    starts(project),
    action(project, command),
    component(project, command),
    await renders(project),
    await rendersUnbuilt(project),
  ];
  return { ok: problems.every((problem) => problem === ''), detail: problems.filter(Boolean).join('\n') };
}

function judges(project) {
  const code = `
    import { classify, createPolicy, parseRun } from '@tardy/core';
    const parsed = parseRun(${JSON.stringify({ source: 'host', ...RUN })});
    if (!parsed.ok) throw new Error(JSON.stringify(parsed));
    console.log(classify(parsed.run, createPolicy({ version: 1 }), Date.parse('2026-01-02T00:00:00Z')).state);`;
  const { ok, stdout, detail } = capture(process.execPath, ['--input-type=module', '--eval', code], { cwd: project });
  return ok && stdout === 'likely_stale\n' ? '' : `@tardy/core does not judge a run where it is installed: ${detail}`;
}

function starts(project) {
  writeFileSync(join(project, 'runs.json'), JSON.stringify({ runs: [{ source: 'host', ...RUN }] }));
  // Exit code 1: the run is stuck.
  const { stdout, detail } = npm(['exec', '--offline', '--', 'tardy', 'check', 'file:runs.json'], project);
  return stdout.includes('Likely stuck') ? '' : `The command does not run where it is installed: ${detail}`;
}

function action(project, command) {
  const inputs = { package: command, sources: 'file:runs.json', args: '--debug\n--allow-unknown' };
  const { ok, detail, outputs, summary } = runAction(inputs, project);
  const { verdict, stale, late, report } = outputs;
  const right = verdict === 'stale' && stale === '1' && late === '0' && existsSync(report) && summary.includes('Sync');
  return !ok && right
    ? ''
    : `action.yml does not report a stuck run: ${JSON.stringify({ ok, outputs, summary })} ${detail}`;
}

function component(project, command) {
  const { ok, detail } = runComponent({ package: command, sources: 'file:runs.json' }, project);
  const files = ['tardy-junit.xml', 'tardy-code-quality.json'].every((name) => existsSync(join(project, name)));
  return !ok && files && detail.includes('Likely stuck')
    ? ''
    : `templates/check.yml does not report a stuck run: ${detail}`;
}

async function renders(project) {
  writeFileSync(join(project, 'page.js'), "import '@tardy/elements/define';");
  const { outputFiles } = await build({
    absWorkingDir: project,
    entryPoints: ['page.js'],
    bundle: true,
    write: false,
    format: 'esm',
    logLevel: 'silent',
  });
  const browser = await puppeteer.launch({
    executablePath: await findChrome(),
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  try {
    const page = await browser.newPage();
    const data = JSON.stringify({ runs: [{ source: 'host', ...RUN }] });
    await page.setContent(`<ops-attention><script type="application/json">${data}</script></ops-attention>`);
    await page.addScriptTag({ type: 'module', content: outputFiles[0].text });
    await page.waitForFunction(
      () => document.querySelector('ops-attention').shadowRoot?.textContent.includes('Likely stuck'),
      { timeout: 15_000 },
    );
    return '';
  } catch (error) {
    return `An element does not render where it is installed: ${error.message}`;
  } finally {
    await browser.close();
  }
}

/** The CDN file as it is served from the package, with its parts beside it, and a query that hosts put behind it. */
async function rendersUnbuilt(project) {
  const types = { '.js': 'text/javascript', '.html': 'text/html' };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    response.setHeader('content-type', types[extname(pathname)] ?? 'text/plain');
    createReadStream(join(project, pathname))
      .on('error', () => response.writeHead(404).end())
      .pipe(response);
  });
  const port = await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
  const data = `<script type="application/json">${JSON.stringify({ runs: [{ source: 'host', ...RUN }] })}</script>`;
  writeFileSync(
    join(project, 'page.html'),
    `<!doctype html><script type="module" src="/node_modules/@tardy/elements/dist/tardy-elements.min.js?v=1"></script>
<ops-list lang="de">${data}</ops-list><run-detail run-id="7">${data}</run-detail>`,
  );
  const browser = await puppeteer.launch({
    executablePath: await findChrome(),
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${port}/page.html`);
    await page.waitForFunction(
      () =>
        document.querySelector('ops-list').shadowRoot?.textContent.includes('Hängt vermutlich') &&
        document.querySelector('run-detail').shadowRoot?.querySelector('[part=timeline]') !== null,
      { timeout: 15_000 },
    );
    return '';
  } catch (error) {
    return `The CDN file does not render from where it is installed: ${error.message}`;
  } finally {
    await browser.close();
    server.close();
  }
}

function npm(args, cwd) {
  return capture('npm', args, { cwd, shell: process.platform === 'win32' });
}
