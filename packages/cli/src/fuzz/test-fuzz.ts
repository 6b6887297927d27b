import { SourceError } from '@tardy/core/sources';
import { UsageError } from '../errors.js';
import { runProgram } from '../program.js';
import type { CaseResponse } from '../test-cases.js';
import { fakeIo } from '../test-io.js';
import { connect } from '../transport/connect.js';
import { startServer, type SeenRequest, type TestServer } from '../transport/test-server.js';
import { DAMAGES, randomFrom } from './test-damage.js';
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
const LONGEST_MS = 10_000;

/** The server of all cases, one at a time: it responds as the present case wants. */
export type FuzzServer = {
  readonly run: (scenario: Scenario, change: Change) => Promise<Outcome>;
  readonly close: () => Promise<void>;
};

/** Changes the response to the request of that number, counted from 0. */
type Change = (response: CaseResponse, request: number) => CaseResponse;

type Outcome =
  | { readonly kind: 'ended'; readonly exit: number; readonly requests: number; readonly printed: string }
  | { readonly kind: 'crash' | 'hang'; readonly detail: string };

/** Starts the server. */
export async function startFuzzServer(): Promise<FuzzServer> {
  let respond: (request: SeenRequest) => CaseResponse = () => ({ status: 500, headers: {}, text: '' });
  const server: TestServer = await startServer((_, response) => {
    const request = server.seen.at(-1);
    if (request === undefined) return;
    const { status, headers, text } = respond(request);
    response.writeHead(status, headers).end(text);
  });
  return {
    close: () => server.close(),
    run: async (scenario, change) => {
      let requests = 0;
      respond = (request) => change(scenario.respond(request, server.url), requests++);
      const outcome = await check(scenario, server.url);
      return outcome.kind === 'ended' ? { ...outcome, requests } : outcome;
    },
  };
}

/** The scenarios in which `tardy check` finds a stuck run as long as nothing is damaged. */
export async function stuckScenarios(server: FuzzServer, all: readonly Scenario[]): Promise<readonly Scenario[]> {
  const stuck: Scenario[] = [];
  for (const scenario of all) {
    const outcome = await server.run(scenario, (response) => response);
    if (outcome.kind === 'ended' && outcome.exit === 1) stuck.push(scenario);
  }
  return stuck;
}

/** Runs one case: damages one response of a scenario as the seed says. `undefined` if all is well. */
export async function fuzzCase(
  server: FuzzServer,
  scenarios: readonly Scenario[],
  seed: number,
): Promise<Fault | undefined> {
  const random = randomFrom(seed);
  const scenario = random.pick(scenarios);
  const sound = await server.run(scenario, (response) => response);
  const found = (kind: Fault['kind'], damage: string, detail: string): Fault => ({
    seed,
    kind,
    scenario: scenario.name,
    damage,
    detail,
  });
  if (sound.kind !== 'ended') return found(sound.kind, 'none', sound.detail);
  if (sound.exit !== 1) return found('false ok', 'none', `exit ${sound.exit}\n${sound.printed}`);
  const damage = random.pick(DAMAGES);
  const target = random.below(sound.requests);
  let damaged = '';
  const outcome = await server.run(scenario, (response, request) => {
    const changed = request === target ? damage.apply(response, random) : undefined;
    if (changed === undefined) return response;
    damaged = `request ${request}: ${changed.status} ${changed.text.slice(0, 2000)}`;
    return changed;
  });
  if (damaged === '') return undefined;
  if (outcome.kind !== 'ended') return found(outcome.kind, damage.name, `${outcome.detail}\n${damaged}`);
  if (outcome.exit === 2) return found('crash', damage.name, `exit 2\n${outcome.printed}\n${damaged}`);
  if (outcome.exit !== 0 || !damage.detectable) return undefined;
  return found('false ok', damage.name, `${outcome.printed}\n${damaged}`);
}

async function check({ config, now }: Scenario, base: string): Promise<Outcome> {
  const world = fakeIo({ files: { [CONFIG]: config.replaceAll('{{BASE}}', base) } });
  const argv = ['check', '--config', CONFIG, '--now', now, '--confirm-after', '0s', '--timeout', '2s'];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), LONGEST_MS);
  });
  try {
    const exit = await Promise.race([runProgram({ ...world.io, connect }, argv), late]);
    if (exit === 'late') return { kind: 'hang', detail: `no end after ${LONGEST_MS / 1000} s` };
    return { kind: 'ended', exit, requests: 0, printed: `${world.printed.out}${world.printed.err}` };
  } catch (error) {
    const known = error instanceof UsageError || error instanceof SourceError;
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { kind: 'crash', detail: known ? `${error.name}: ${error.message}` : detail };
  } finally {
    clearTimeout(timer);
  }
}
