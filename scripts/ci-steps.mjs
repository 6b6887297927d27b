// Runs what CI systems would run: the step of action.yml and the script of the GitLab component, read from their files.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { capture } from './tool.mjs';
import { root } from './workspace.mjs';

/**
 * Runs the steps of action.yml in that folder with these inputs, as a runner does.
 *
 * @returns `{ ok, detail, outputs, summary }`: the outputs of the action and the text of its job summary.
 */
export function runAction(inputs, folder) {
  const { inputs: declared, outputs, runs } = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
  const values = Object.fromEntries(
    Object.entries(declared).map(([name, { default: fallback }]) => [name, inputs[name] ?? fallback]),
  );
  const temp = join(folder, 'runner');
  mkdirSync(temp, { recursive: true });
  const files = { GITHUB_OUTPUT: join(temp, 'output'), GITHUB_STEP_SUMMARY: join(temp, 'summary') };
  for (const file of Object.values(files)) writeFileSync(file, '');
  const expand = (text) =>
    String(text).replaceAll(/\$\{\{ ([\w.-]+) \}\}/g, (_, name) => {
      if (name === 'github.action_path') return root;
      if (name === 'github.token') return '';
      return name.startsWith('inputs.') ? values[name.slice('inputs.'.length)] : stepOutput(files.GITHUB_OUTPUT, name);
    });
  const results = runs.steps.map(({ shell, run, env }) =>
    capture(shell, ['-e', '-o', 'pipefail', '-c', expand(run)], {
      cwd: folder,
      env: {
        ...process.env,
        ...files,
        GITHUB_ACTIONS: 'true',
        RUNNER_TEMP: temp,
        ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, expand(value)])),
      },
    }),
  );
  return {
    ok: results.every(({ ok }) => ok),
    detail: results.map(({ detail }) => detail).join(''),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, expand(value)])),
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
  };
}

/** Runs the script of the GitLab component in that folder with these inputs. */
export function runComponent(inputs, folder) {
  const [spec, body] = parseAllDocuments(readFileSync(join(root, 'templates/check.yml'), 'utf8')).map((one) =>
    one.toJS(),
  );
  const expand = (text) =>
    String(text).replaceAll(
      /\$\[\[ inputs\.([\w-]+) \]\]/g,
      (_, name) => inputs[name] ?? spec.spec.inputs[name].default,
    );
  const { script, variables } = body.tardy;
  const env = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, expand(value)]));
  return capture('sh', ['-e', '-c', script.map(expand).join('\n')], { cwd: folder, env: { ...process.env, ...env } });
}

function stepOutput(file, name) {
  const key = /^steps\.\w+\.outputs\.([\w-]+)$/.exec(name)?.[1];
  if (key === undefined) throw new Error(`action.yml uses an expression that this script does not know: ${name}`);
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`${key}=`));
  return line?.slice(key.length + 1) ?? '';
}
