import type { Run } from '../../run.js';
import { booleanField, countField, hasText, objectField, textField, type JsonObject } from '../reading/body.js';
import { SYSTEM } from './api.js';
import { SourceError } from '../source.js';
import { instantOf, rowsIn } from './inside.js';

/** The pools that have limits, which steps of all runs share. Servers before 1.10 do not know them. */
export const DAGSTER_POOLS = `query tardyPools {
  instance {
    poolConfig { poolGranularity }
    concurrencyLimits {
      concurrencyKey slotCount
      claimedSlots { runId stepKey }
      pendingSteps { runId stepKey enqueuedTimestamp assignedTimestamp }
    }
  }
}`;

/** The pools that active runs need. */
export const DAGSTER_POOLED_RUNS = `query tardyQueuedPools($filter: RunsFilter!, $cursor: String, $limit: Int!) {
  runsOrError(filter: $filter, cursor: $cursor, limit: $limit) {
    __typename
    ... on Runs { count results { runId status rootConcurrencyKeys hasUnconstrainedRootNodes allPools } }
    ... on Error { message }
  }
}`;

/** What became of the runs that hold the slots of a pool. */
export const DAGSTER_HOLDERS = `query tardyHolders($filter: RunsFilter!, $cursor: String, $limit: Int!) {
  runsOrError(filter: $filter, cursor: $cursor, limit: $limit) {
    __typename
    ... on Runs { count results { runId status } }
    ... on Error { message }
  }
}`;

/** A pool of Dagster. A step that has a slot is among the pending ones as well. */
export type Pool = {
  readonly key: string;
  readonly slots: number;
  readonly claimed: readonly Claim[];
  readonly pending: readonly Claim[];
};

/** A step that holds a slot of a pool, or wants one; `since` when it wanted or was given it. */
type Claim = { readonly run: string; readonly step: string; readonly since: number | undefined };

/** The pools, and whether their limits count runs or steps. */
export type Pools = { readonly perRun: boolean; readonly all: readonly Pool[] };

/** Reads the response to `DAGSTER_POOLS`. */
export function poolsIn(data: JsonObject): Pools {
  const instance = objectField(data, 'instance', SYSTEM) ?? {};
  const config = objectField(instance, 'poolConfig', SYSTEM) ?? {};
  const all = rowsIn(instance, 'concurrencyLimits').map((pool) => ({
    key: textField(pool, 'concurrencyKey', SYSTEM) ?? '',
    slots: slotsOf(pool),
    claimed: rowsIn(pool, 'claimedSlots').map(claimOf),
    pending: rowsIn(pool, 'pendingSteps').map(claimOf),
  }));
  return { perRun: textField(config, 'poolGranularity', SYSTEM) === 'run', all };
}

function slotsOf(pool: JsonObject): number {
  const slots = countField(pool, 'slotCount', SYSTEM);
  if (slots !== undefined) return slots;
  throw new SourceError('shape', `${SYSTEM} sent a pool without its slots.`);
}

function claimOf(row: JsonObject): Claim {
  return {
    run: textField(row, 'runId', SYSTEM) ?? '',
    step: textField(row, 'stepKey', SYSTEM) ?? '',
    since: instantOf(row['assignedTimestamp'] ?? row['enqueuedTimestamp']),
  };
}

/**
 * A running run none of whose steps is at work: one that waits for a slot of a pool is on hold, and flagged if no run that could
 * release the slot is active.
 *
 * @param statusesOf reads the statuses of runs, by id; those that Dagster does not have are missing.
 * @returns the same run if it waits for none.
 */
export async function withSlots(
  run: Run,
  { all }: Pools,
  statusesOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, unknown>>,
  isEnded: (status: unknown) => boolean,
): Promise<Run> {
  const pool = all.find(({ pending }) => pending.some((step) => step.run === run.id));
  const step = pool?.pending.find((one) => one.run === run.id);
  if (pool === undefined || step === undefined || pool.claimed.length < pool.slots) return run;
  const { key, slots, claimed } = pool;
  const waitsFor = { kind: 'pool', name: key, state: `${claimed.length} of ${slots} slots in use` };
  if (slots === 0) return { ...run, hold: 'paused', holdSince: step.since, waitsFor };
  const others = [...new Set(claimed.map((one) => one.run))].filter((id) => id !== run.id);
  const statuses = others.length === 0 ? new Map<string, unknown>() : await statusesOf(others);
  const active = others.find((id) => statuses.has(id) && !isEnded(statuses.get(id)));
  if (active !== undefined)
    return { ...run, hold: 'limit', holdSince: step.since, waitsFor: { ...waitsFor, id: active } };
  const holder = others[0] === undefined ? 'the run holds itself' : `run ${others[0]} holds although it has ended`;
  const text = `Its step ${step.step} waits for a slot of the pool ${key}, which ${holder}.`;
  return { ...run, flag: { kind: 'orphaned', by: 'tardy', text, since: step.since } };
}

/**
 * A queued run that Dagster leaves in the queue until a pool has a slot: any of its pools where limits count runs, all pools of its
 * first steps where they count steps.
 *
 * @param rows what `DAGSTER_POOLED_RUNS` gave for all active runs.
 */
export function queuedBehindPool(run: Run, { all, perRun }: Pools, rows: readonly JsonObject[]): Run {
  const own = rows.find((row) => row['runId'] === run.id);
  if (own === undefined) return run;
  const needed = namesIn(own, perRun ? 'allPools' : 'rootConcurrencyKeys').map((key) =>
    all.find((pool) => pool.key === key),
  );
  const taken = (pool: Pool) => (perRun ? runsWith(pool.key, rows) : pool.pending.length);
  const full = needed.filter((pool) => pool !== undefined && taken(pool) >= pool.slots);
  const free = perRun ? full.length === 0 : full.length < needed.length || isUnconstrained(own);
  const [first] = full;
  if (free || first === undefined) return run;
  const state = `${taken(first)} of ${first.slots} slots in use`;
  return { ...run, hold: 'limit', waitsFor: { kind: 'pool', name: first.key, state } };
}

function isUnconstrained(row: JsonObject): boolean {
  return booleanField(row, 'hasUnconstrainedRootNodes', SYSTEM) !== false;
}

function runsWith(key: string, rows: readonly JsonObject[]): number {
  return rows.filter((row) => row['status'] !== 'QUEUED' && namesIn(row, 'allPools').includes(key)).length;
}

function namesIn(row: JsonObject, name: string): readonly string[] {
  const names = row[name];
  return Array.isArray(names) ? names.filter(hasText) : [];
}
