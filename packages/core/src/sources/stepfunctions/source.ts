import type { Run } from '../../run.js';
import type { Environment, SourceAdapter } from '../descriptor.js';
import { baseUrl } from '../reading/base-url.js';
import { isObject, objectsIn, textField, withSlash, type JsonObject } from '../reading/body.js';
import { endedLimit } from '../reading/ended-limit.js';
import { readPlaces } from '../reading/read-places.js';
import { readOneRow, readRows } from '../reading/read-rows.js';
import type { Shape } from '../reading/shape.js';
import { nameFor } from '../reading/vocabulary.js';
import {
  SourceConfigError,
  SourceError,
  type Source,
  type SourceFetch,
  type SourcePage,
  type SourceQuery,
} from '../source.js';
import { call, SYSTEM, type Operation } from './api.js';
import { AWS_REGION, endpointOf, regionIn } from './endpoint.js';
import { withHistory, type History } from './inside.js';
import { executionToWire, isExecutionArn } from './run.js';
import { DEFINITION_SHAPE, EXECUTION_SHAPE, EXECUTIONS_SHAPE, HISTORY_SHAPE, STATE_MACHINES_SHAPE } from './shapes.js';
import { signerOf } from './sign.js';

/** A region of AWS, read at its own endpoint unless `url` is set; limited to `state_machines`, if set. */
export type StepFunctionsConfig = {
  readonly region: string;
  readonly url?: string | undefined;
  readonly state_machines?: readonly string[] | undefined;
};

const EXAMPLE = 'stepfunctions:eu-central-1';

/** Step Functions in short, for the registry of kinds. */
export const stepFunctionsAdapter: SourceAdapter<StepFunctionsConfig> = {
  create: stepFunctionsSource,
  credentialHeaders: () => ({}),
  signer: (token, { region }) => signerOf(token, region),
  configFromUri: (rest, environment = {}) => configFrom(rest, environment),
};

function configFrom(rest: string, environment: Environment): StepFunctionsConfig {
  if (AWS_REGION.test(rest)) return { region: rest };
  const region = regionIn(environment);
  if (region === undefined) throw new SourceConfigError(`Name the region of AWS: ${EXAMPLE}. Or set AWS_REGION.`);
  return rest === '' ? { region } : { region, url: baseUrl(rest, EXAMPLE) };
}

/** The most that AWS sends in one page. */
const PAGE_SIZE = 1000;

/** So many pages of the history of one execution are read; it has 25,000 events at most. */
const MOST_PAGES = 3;

/** Reads executions of state machines of the type Standard. Step Functions reports no heartbeat of them. */
export function stepFunctionsSource(name: string, config: StepFunctionsConfig): Source {
  const { region, url = endpointOf(region), state_machines: machines } = config;
  const address = withSlash(url);
  const ask = (operation: Operation, body: JsonObject, shape: Shape, fetch: SourceFetch) =>
    call(address, operation, body, shape, fetch);

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    const names = machines ?? (await stateMachines(fetch));
    yield* readPlaces({
      names,
      plural: 'state machines',
      titleOf: (arn) => `The state machine ${nameOf(arn)}`,
      list: (arn) => executionsOf(arn, query, fetch),
    });
  }

  async function stateMachines(fetch: SourceFetch): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const body of pages('ListStateMachines', { maxResults: PAGE_SIZE }, STATE_MACHINES_SHAPE, fetch)) {
      for (const machine of objectsIn(body['stateMachines'] as readonly unknown[], 'stateMachines', SYSTEM)) {
        // Executions of the other type last five minutes at most, and cannot be listed.
        if (machine['type'] !== 'EXPRESS') found.push(String(machine['stateMachineArn']));
      }
    }
    return found;
  }

  async function* executionsOf(
    stateMachineArn: string,
    query: SourceQuery,
    fetch: SourceFetch,
  ): AsyncGenerator<SourcePage, void> {
    yield* executions({ stateMachineArn, statusFilter: 'RUNNING', maxResults: PAGE_SIZE }, Infinity, fetch);
    // After those that run: an execution that ends in between is then read twice and not missed.
    if (query.activity === 'active') return;
    const limit = endedLimit(query);
    yield* executions({ stateMachineArn, maxResults: Math.min(limit, PAGE_SIZE) }, limit, fetch);
  }

  async function* executions(body: JsonObject, limit: number, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    let read = 0;
    for await (const page of pages('ListExecutions', body, EXECUTIONS_SHAPE, fetch)) {
      const rows = page['executions'] as readonly unknown[];
      yield readRows(rows, name, executionToWire);
      read += rows.length;
      if (read >= limit) return;
    }
  }

  /** The pages of a list. A token that comes again would lead to them forever. */
  async function* pages(
    operation: Operation,
    body: JsonObject,
    shape: Shape,
    fetch: SourceFetch,
  ): AsyncGenerator<JsonObject, void> {
    const seen = new Set<string>();
    let next: string | undefined;
    do {
      const page = await ask(operation, next === undefined ? body : { ...body, nextToken: next }, shape, fetch);
      yield page;
      next = textField(page, 'nextToken', SYSTEM);
      if (next !== undefined && seen.has(next))
        throw new SourceError('shape', `${SYSTEM} sent the same token for the next page of ${operation} twice.`);
      if (next !== undefined) seen.add(next);
    } while (next !== undefined);
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    if (!isExecutionArn(id)) return undefined;
    try {
      const row = await ask('DescribeExecution', { executionArn: id }, EXECUTION_SHAPE, fetch);
      const run = readOneRow(row, id, name, executionToWire);
      if (run.id !== id) throw new SourceError('shape', `${SYSTEM} was asked for ${nameFor(id)} and sent another.`);
      return run;
    } catch (error) {
      if (error instanceof SourceError && error.code === 'not_found') return undefined;
      throw error;
    }
  }

  async function inspect(run: Run, fetch: SourceFetch): Promise<Run> {
    if (run.status !== 'running') return run;
    const current = await get(run.id, fetch);
    if (current?.status !== 'running') return current ?? run;
    const [history, definition] = await Promise.all([historyOf(run.id, fetch), definitionOf(run.id, fetch)]);
    return withHistory(current, history, definition);
  }

  async function historyOf(executionArn: string, fetch: SourceFetch): Promise<History> {
    const body = { executionArn, reverseOrder: true, maxResults: PAGE_SIZE, includeExecutionData: false };
    const events: JsonObject[] = [];
    let read = 0;
    for await (const page of pages('GetExecutionHistory', body, HISTORY_SHAPE, fetch)) {
      events.push(...objectsIn(page['events'] as readonly unknown[], 'events', SYSTEM));
      read++;
      if (page['nextToken'] === undefined || page['nextToken'] === null) return { events, isComplete: true };
      if (read === MOST_PAGES) break;
    }
    return { events, isComplete: false };
  }

  async function definitionOf(executionArn: string, fetch: SourceFetch): Promise<JsonObject> {
    const { definition } = await ask('DescribeStateMachineForExecution', { executionArn }, DEFINITION_SHAPE, fetch);
    try {
      const parsed: unknown = JSON.parse(String(definition));
      if (isObject(parsed)) return parsed;
    } catch {
      // Said below.
    }
    throw new SourceError(
      'shape',
      `${SYSTEM} sent a definition of ${nameFor(executionArn)} that is not a JSON object.`,
    );
  }

  return { name, kind: 'stepfunctions', address, list, get, inspect };
}

function nameOf(arn: string): string {
  return nameFor(arn.slice(arn.lastIndexOf(':') + 1));
}
