// What the systems under test are started with, and ended.
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const started = [];

/** Starts a program in a process group of its own, its output in a file of the folder. */
export function startProcess(command, args, { workdir, log, env = {} }) {
  const out = openSync(join(workdir, log), 'a');
  const child = spawn(command, args, {
    cwd: workdir,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', out, out],
  });
  child.on('error', (error) => process.stderr.write(`${command}: ${error.message}\n`));
  started.push(child);
  return child;
}

/** Kills a process and all it started, as a crash does. */
export function killGroup(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Ends all that `startProcess` started: asked first, made to after a while. */
export async function stopProcesses() {
  for (const child of started) signalGroup(child, 'SIGTERM');
  await wait(1500);
  for (const child of started.splice(0)) killGroup(child);
}

/** Kills the processes with these ids, those that still exist, and empties the list. */
export function killPids(pids) {
  for (const pid of pids.splice(0)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has already ended.
    }
  }
}

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended by itself.
  }
}

/** A program run to its end; gives what it printed. */
export function runToEnd(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, env: { ...process.env, ...options.env } });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`${command} ended with ${code}: ${output.slice(-4000)}`)),
    );
  });
}

/** A port of this machine that is free now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Polls until there is a result that is not undefined; a throw counts as none. */
export async function until(what, ask, limitMs = 180_000) {
  const end = Date.now() + limitMs;
  let last = '';
  while (Date.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await wait(1000);
  }
  throw new Error(`${what}: not within ${limitMs / 1000} s. ${last}`);
}

/** A response of the system's own API. */
export async function askJson(url, { body, headers = {}, method = body === undefined ? 'GET' : 'POST' } = {}) {
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok)
    throw new Error(`${url} responded with ${response.status}: ${(await response.text()).slice(0, 300)}`);
  return response.json();
}
