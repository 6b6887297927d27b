// A runner that speaks as much of the protocol of Gitea's runners as a test needs: it takes tasks and works on them by saying so.
// node runner.mjs <URL> <registration token> <name, which is its label>
import { setTimeout as wait } from 'node:timers/promises';

const [url, token, name] = process.argv.slice(2);
const labels = [name];
const version = 'v0.6.0';
const { runner } = await call('Register', { name, token, version, labels });
const headers = { 'x-runner-uuid': runner.uuid, 'x-runner-token': runner.token };
await call('Declare', { version, labels }, headers);
const tasks = [];
for (;;) {
  const { task } = await call('FetchTask', { tasksVersion: '0' }, headers);
  if (task !== undefined)
    tasks.push({ id: task.id, quick: nameOf(task) === 'quick', startedAt: new Date().toISOString() });
  for (const { id, quick, startedAt } of tasks) {
    const ended = quick ? { result: 'RESULT_SUCCESS', stoppedAt: new Date().toISOString() } : {};
    await call('UpdateTask', { state: { id, result: 'RESULT_UNSPECIFIED', startedAt, ...ended } }, headers);
  }
  tasks.splice(0, tasks.length, ...tasks.filter(({ quick }) => !quick));
  await wait(1000);
}

function nameOf({ workflowPayload }) {
  return /^name: *(.*)$/m.exec(Buffer.from(workflowPayload, 'base64').toString())?.[1];
}

async function call(method, body, headers = {}) {
  const response = await fetch(`${url}/api/actions/runner.v1.RunnerService/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method}: ${response.status} ${text}`);
  return JSON.parse(text);
}
