// Oban for Python on PostgreSQL: a process of its own for each queue, and jobs that wait for every reason there is.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { startDatabase } from '../../../../../scripts/live/database.mjs';
import { killGroup, runToEnd, startProcess, stopProcesses, until } from '../../../../../scripts/live/processes.mjs';
import { pythonWith } from '../../../../../scripts/live/python.mjs';

export const name = 'Oban 0.7.0 for Python';

/** A producer refreshes its row every 15 seconds, and others take it off the list when it is silent for a minute. A job that waits without a reason is stuck. */
export const policy = {
  version: 1,
  defaults: {
    run: { late: '10m', stale: '1h' },
    queue: { late: '1s', stale: '1s' },
    silence: { late: '40s', stale: '100s' },
    flag: 'stale',
  },
};

const APP = `
import asyncio, os, sys
from oban import Oban, schema, worker

@worker()
class Sleep:
    async def process(self, job): await asyncio.sleep(3600)

@worker(max_attempts=3)
class Fail:
    async def process(self, job): raise ValueError('no such mailbox')
    def backoff(self, job): return 3600

@worker()
class End:
    async def process(self, job): pass

async def main(command, queue, kind='End', delay='0'):
    pool = await Oban.create_pool(os.environ['DATABASE'])
    if command == 'install':
        await schema.install(pool)
    elif command == 'enqueue':
        Oban(pool=pool)
        job = await {'Sleep': Sleep, 'Fail': Fail, 'End': End}[kind].enqueue({'tenant': 'acme'}, queue=queue, schedule_in=int(delay))
        print('id', job.id)
    else:
        async with Oban(pool=pool, queues={queue: 4}) as oban:
            if command == 'pause': await oban.pause_queue(queue)
            await asyncio.sleep(3600)
    await pool.close()

asyncio.run(main(*sys.argv[1:]))
`;

let place;
let database;

export async function start(workdir) {
  database = await startDatabase();
  const bin = await pythonWith(['oban==0.7.0'], newPython());
  writeFileSync(join(workdir, 'app.py'), APP);
  place = { workdir, python: join(bin, 'python'), env: { DATABASE: database.url } };
  await run(['install', '']);
  await database.query('grant select on oban_jobs, oban_producers to reader');
  return { source: `oban:${database.readerUrl}`, env: {} };
}

/** It needs Python 3.12. */
function newPython() {
  const versions = join(homedir(), '.pyenv/versions');
  const found = existsSync(versions) ? readdirSync(versions).filter((version) => /^3\.1[2-9]\./.test(version)) : [];
  return found.length === 0 ? 'python3' : join(versions, found.sort().at(-1), 'bin/python3');
}

export async function finishOne() {
  work('quick');
  await inState(await enqueue('quick', 'End'), 'completed');
}

export async function healthyOne() {
  work('steady');
  const id = await enqueue('steady', 'Sleep');
  await inState(id, 'executing');
  return id;
}

export async function hangOne() {
  const worker = work('doomed');
  const id = await enqueue('doomed', 'Sleep');
  await inState(id, 'executing');
  return { id, kill: () => killGroup(worker) };
}

export async function waitingOnes() {
  work('closed', 'pause');
  await until('the queue is paused', async () => {
    const [row] = await database.query("select meta->>'paused' as paused from oban_producers where queue = 'closed'");
    return row?.paused === 'true' ? true : undefined;
  });
  const failing = await enqueue('quick', 'Fail');
  await inState(failing, 'retryable');
  return [
    { id: await enqueue('closed', 'End'), hold: 'paused' },
    { id: failing, hold: 'retry' },
    { id: await enqueue('quick', 'End', '3600'), hold: 'schedule' },
  ];
}

export async function nativeView(id) {
  const [job] = await database.query('select * from oban_jobs where id = $1', [id]);
  const [producer] = await database.query('select * from oban_producers where uuid::text = $1', [job.attempted_by[1]]);
  return `state ${job.state}; its producer is ${producer === undefined ? 'not registered' : 'registered'}`;
}

export async function stop() {
  await stopProcesses();
  await database?.stop();
}

function run(args) {
  const { workdir, python, env } = place;
  return runToEnd(python, ['app.py', ...args], { cwd: workdir, env });
}

function work(queue, command = 'work') {
  const { workdir, python, env } = place;
  return startProcess(python, ['app.py', command, queue], { workdir, log: `worker-${queue}.log`, env });
}

async function enqueue(queue, kind, delay = '0') {
  const printed = await run(['enqueue', queue, kind, delay]);
  return /id (\d+)/.exec(printed)[1];
}

async function inState(id, state) {
  await until(`${id} is ${state}`, async () => {
    const [job] = await database.query('select state from oban_jobs where id = $1', [id]);
    return job?.state === state ? true : undefined;
  });
}
