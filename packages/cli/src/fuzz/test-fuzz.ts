import { SourceError } from '@tardy/core/sources';
import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';
import { runProgram } from '../program.js';
import { fakeIo, instant } from '../test-io.js';
import { createPool, type Pool } from '../transport/pool.js';
import { startServer, type SeenRequest, type TestServer } from '../transport/test-server.js';
import { createTransport } from '../transport/transport.js';
import { JSON_DAMAGES } from './test-damage-json.js';
import { WIRE_DAMAGES } from './test-damage-wire.js';
import type { Damage, Damaged, WireResponse } from './test-damage.js';
import { randomFrom } from './test-random.js';
import type { Scenario } from './test-scenarios.js';

/** What went wrong with one case; its seed repeats it. */
export type Fault = {
  readonly seed: number;
  readonly kind: 'false ok' | 'crash' | 'hang';
  readonly scenario: string;
  readonly damage: string;
  readonly detail: string;
};

const CONFIG = '/project/app/tardy.config.yaml';
const DAMAGES = [...WIRE_DAMAGES, ...JSON_DAMAGES];
const LONGEST_MS = 10_000;

/** The server of all cases, one at a time: it responds as the present case wants. */
export type FuzzServer = {
  readonly run: (scenario: Scenario, change: Change) => Promise<Outcome>;
  readonly close: () => Promise<void>;
};

/** Changes a response; `number` counts from 0. */
type Change = (response: WireResponse, sent: Sent, number: number) => WireResponse;

/** A request of the check, as far as it tells requests apart. */
type Sent = { readonly key: string; readonly text: string };

type Outcome =
  | { readonly kind: 'ended'; readonly exit: number; readonly sent: readonly Sent[]; readonly printed: string }
  | { readonly kind: 'crash' | 'hang'; readonly detail: string };

/** Starts the server. */
export async function startFuzzServer(): Promise<FuzzServer> {
  let respond: (request: SeenRequest) => WireResponse = () => ({ status: 500, headers: {}, body: Buffer.alloc(0) });
  const server: TestServer = await startServer((_, response) => {
    const request = server.seen.at(-1);
    if (request === undefined) return;
    const { status, headers, body, breaksOff } = respond(request);
    response.strictContentLength = false;
    response.writeHead(status, headers);
    if (breaksOff !== true) return response.end(body);
    response.write(body, () => response.destroy());
  });
  const pool = createPool();
  return {
    close: async () => {
      await pool.close();
      await server.close();
    },
    run: async (scenario, change) => {
      const sent: Sent[] = [];
      respond = (request) => {
        const { status, headers, text } = scenario.respond(request, server.url);
        const one = { key: `${request.method} ${request.url} ${request.body}`, text };
        sent.push(one);
        return change({ status, headers: withoutDate(headers), body: Buffer.from(text) }, one, sent.length - 1);
      };
      const { stdin: text = '' } = scenario;
      let stdin = text;
      if (scenario.stdin !== undefined) {
        const one = { key: 'stdin', text };
        sent.push(one);
        stdin = change({ status: 200, headers: {}, body: Buffer.from(text) }, one, 0).body.toString('utf8');
      }
      const outcome = await check(scenario, server.url, stdin, pool);
      return outcome.kind === 'ended' ? { ...outcome, sent } : outcome;
    },
  };
}

/** Without the server's real clock, its offset to the clock of the transport is none. */
function withoutDate(headers: WireResponse['headers']): WireResponse['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'date'));
}

/** A scenario in which `tardy check` finds a stuck run as long as nothing is damaged, and the requests that this takes. */
export type Stuck = { readonly scenario: Scenario; readonly sent: readonly Sent[] };

/** The scenarios with a stuck run. */
export async function stuckScenarios(server: FuzzServer, all: readonly Scenario[]): Promise<readonly Stuck[]> {
  const stuck: Stuck[] = [];
  for (const scenario of all) {
    const outcome = await server.run(scenario, (response) => response);
    if (outcome.kind === 'ended' && outcome.exit === 1) stuck.push({ scenario, sent: outcome.sent });
  }
  return stuck;
}

/** Which responses of a case are damaged: one, every one to the same request, or that one and all after it. */
const REACHES = ['once', 'once', 'same request', 'from here'] as const;

/** One case: a scenario, its request whose response is damaged, and how. */
export type FuzzCase = {
  readonly seed: number;
  readonly stuck: Stuck;
  readonly target: number;
  readonly reach: (typeof REACHES)[number];
  readonly damage: Pick<Damage, 'name' | 'noticeable'> & {
    readonly apply: (response: WireResponse, others: readonly string[]) => Damaged | undefined;
  };
};

/** The case that a seed stands for. */
export function seededCase(all: readonly Stuck[], seed: number): FuzzCase {
  const random = randomFrom(seed);
  const stuck = random.pick(all);
  const { name, noticeable, apply } = random.pick(DAMAGES);
  const target = random.below(stuck.sent.length);
  const reach = random.pick(REACHES);
  // Each response has random numbers of the same seed, so that every response to one request is damaged alike.
  const damage: FuzzCase['damage'] = {
    name,
    noticeable,
    apply: (response, others) => apply(response, randomFrom(seed ^ 0x5bd1e995), others),
  };
  return { seed, stuck, target, reach, damage };
}

/** Runs one case: damages responses of a scenario. `undefined` if all is well. */
export async function fuzzCase(server: FuzzServer, one: FuzzCase): Promise<Fault | undefined> {
  const { seed, target, reach, damage } = one;
  const { scenario, sent } = one.stuck;
  const key = sent[target]?.key;
  const others = sent.map(({ text }) => text);
  let damaged: string | undefined;
  const outcome = await server.run(scenario, (response, request, number) => {
    const hit =
      reach === 'once' ? number === target : reach === 'same request' ? request.key === key : number >= target;
    const changed = hit ? damage.apply(response, others) : undefined;
    if (changed === undefined) return response;
    damaged ??= `${reach}, request ${number} ${request.key}: ${changed.what}`;
    return changed.response;
  });
  if (damaged === undefined) return undefined;
  const found = (kind: Fault['kind'], said: string): Fault => {
    return { seed, kind, scenario: scenario.name, damage: damage.name, detail: `${said}\n${damaged}` };
  };
  if (outcome.kind !== 'ended') return found(outcome.kind, outcome.detail);
  if (outcome.printed.includes('Tardy failed on what')) return found('crash', outcome.printed);
  if (outcome.exit === 2) return found('crash', `exit 2\n${outcome.printed}`);
  return outcome.exit === 0 && damage.noticeable ? found('false ok', outcome.printed) : undefined;
}

async function check({ config, now }: Scenario, base: string, stdin: string, pool: Pool): Promise<Outcome> {
  const files: Record<string, string> = config === undefined ? {} : { [CONFIG]: config.replaceAll('{{BASE}}', base) };
  const world = fakeIo({ files, stdin });
  const argv = ['check', '--timeout', '2s', ...(config === undefined ? ['-'] : ['--config', CONFIG])];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), LONGEST_MS);
  });
  try {
    const connect: CliIo['connect'] = async (options) =>
      // Between tries nobody waits: a case would take seconds.
      createTransport({ ...options, pool, sleep: async () => {} });
    const io = { ...world.io, now: () => instant(now), connect };
    const exit = await Promise.race([runProgram(io, argv), late]);
    if (exit === 'late') return { kind: 'hang', detail: `no end after ${LONGEST_MS / 1000} s` };
    return { kind: 'ended', exit, sent: [], printed: `${world.printed.out}${world.printed.err}` };
  } catch (error) {
    const known = error instanceof UsageError || error instanceof SourceError;
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { kind: 'crash', detail: known ? `${error.name}: ${error.message}` : detail };
  } finally {
    clearTimeout(timer);
  }
}
