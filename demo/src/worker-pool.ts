import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { RunDesk } from './run-desk.js';
import type { FromWorker, ToWorker } from './worker-messages.js';

/** The worker processes of a server. */
export type WorkerPool = {
  /** Kills the worker of a run with SIGKILL, so that it can write nothing more; its pid, `undefined` if no worker has it. */
  readonly killWorkerOf: (runId: string) => Promise<number | undefined>;
  /** The runs that living workers have. */
  readonly runsInHand: () => readonly string[];
  readonly stop: () => Promise<void>;
};

const RESTART_MS = 500;

/**
 * Starts `count` workers and replaces those that die.
 *
 * The run of a dead worker stays `running` without heartbeats: that is how most job systems behave, and what the check is
 * for.
 */
export function startWorkers(
  file: string,
  count: number,
  desk: RunDesk,
  onError: (error: unknown) => void,
): WorkerPool {
  const workers = new Map<ChildProcess, { run: string | undefined }>();
  const heard = new Set<Promise<void>>();
  let stopping = false;
  for (let index = 0; index < count; index++) start();

  function start(): void {
    const child = fork(file, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const holding: { run: string | undefined } = { run: undefined };
    const name = `worker-${child.pid}`;
    workers.set(child, holding);
    // One message at a time, so that a run never ends before its last progress is written.
    let turn = Promise.resolve();
    child.on('message', (message: FromWorker) => {
      const hearing = turn.then(() => hear(child, name, holding, message)).catch(onError);
      turn = hearing;
      heard.add(hearing);
      void hearing.then(() => heard.delete(hearing));
    });
    child.on('error', onError);
    child.once('exit', () => {
      workers.delete(child);
      if (!stopping) setTimeout(() => stopping || start(), RESTART_MS);
    });
  }

  async function hear(child: ChildProcess, name: string, holding: { run: string | undefined }, message: FromWorker) {
    if (stopping) return;
    switch (message.kind) {
      case 'ready': {
        // A message that a worker sent before it died may arrive later: it must not get work.
        if (!child.connected) return;
        const claim = await desk.claim(name);
        holding.run = claim?.id;
        const response: ToWorker = claim === undefined ? {} : { claim };
        if (child.connected) child.send(response, () => {});
        return;
      }
      case 'progress':
        return desk.progress(name, message.id, message.progress);
      case 'finished':
        holding.run = undefined;
        return desk.finish(name, message.id, message.ending);
    }
  }

  return {
    runsInHand() {
      return [...workers.values()].flatMap(({ run }) => run ?? []);
    },
    async killWorkerOf(runId) {
      const child = [...workers].find(([, { run }]) => run === runId)?.[0];
      if (child === undefined) return undefined;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
      return child.pid;
    },
    async stop() {
      stopping = true;
      await Promise.all(
        [...workers.keys()].map(async (child) => {
          const exited = once(child, 'exit');
          child.kill('SIGKILL');
          await exited;
        }),
      );
      await Promise.all(heard);
    },
  };
}
