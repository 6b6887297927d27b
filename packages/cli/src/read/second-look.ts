import { FIRST_INSTANT, isActive, LAST_INSTANT, runKey, type Run } from '@tardy/core';
import { SourceError, type Source, type SourceFetch, type SourceQuery } from '@tardy/core/sources';
import { describeError } from './describe-error.js';
import { RequestBudget, sharedFetch } from './shared-fetch.js';
import type { Keep, SeenRun } from './tally.js';

/** How runs that would fail the check are confirmed. */
export type SecondLook = {
  /** A run that would fail the check: it is read again first. */
  readonly alarms: Keep;
  /** How many requests each source may get for it. */
  readonly maxRequests: number;
  /** How long after the first evidence a flag without a start is confirmed, in milliseconds; 0 for not at all. */
  readonly confirmAfterMs: number;
  readonly sleep: (ms: number) => Promise<void>;
};

/** What a second look at one source works with. */
export type SecondLookInput = {
  readonly source: Source;
  readonly fetch: SourceFetch;
  /** The query of the first list, and how many requests that took. */
  readonly query: SourceQuery;
  readonly listRequests: number;
  /** Runs that would fail the check, worst first. */
  readonly alarms: readonly SeenRun[];
  /** Holds to look behind, the oldest first. */
  readonly holds: readonly SeenRun[];
  readonly judge: (run: Run) => SeenRun;
};

/**
 * What the second look at one run showed. `gone`: a complete list no longer has it. `unconfirmed`: nothing that counts as evidence,
 * so the first verdict stands, or the one in `seen`.
 */
export type Finding =
  | { readonly kind: 'gone' }
  | { readonly kind: 'seen'; readonly seen: SeenRun }
  | {
      readonly kind: 'unconfirmed';
      readonly reason: string;
      readonly seen?: SeenRun;
      /** Nothing came back, or something damaged: what it would have shown is unknown. Not so if the source refuses to show it. */
      readonly damaged?: boolean;
    };

/** The findings by the runs of the input, and how many requests they took. */
export type SecondLookResult = { readonly findings: ReadonlyMap<SeenRun, Finding>; readonly requests: number };

/** Error codes of a source that does not show something, or not so often. */
const REFUSALS: readonly string[] = ['auth', 'forbidden', 'not_found', 'rate_limited', 'limit'];

/** A source that refuses (4xx, or 501 for what it does not know) is not damaged; one that fails, or sends what cannot be read, is. */
function isDamaged(error: unknown): boolean {
  if (!(error instanceof SourceError)) return true;
  const { code, status = 0 } = error;
  if (code === 'http') return (status >= 300 && status < 400) || (status >= 500 && status !== 501);
  return !REFUSALS.includes(code);
}

/** How many runs of one source at once: a check must not look like an attack. */
const CONCURRENCY = 5;

/**
 * Looks again at the runs of one source that would fail the check, and behind its holds. Never throws: what fails leaves its run
 * `unconfirmed`.
 *
 * Many runs are read from the active list (one request a page), few one by one; the one serves where the other did not
 * give the run.
 */
export async function lookAgain(input: SecondLookInput, options: SecondLook): Promise<SecondLookResult> {
  const { default: pLimit } = await import('p-limit');
  const budget = new RequestBudget(options.maxRequests);
  const findings = new Map<SeenRun, Finding>();

  async function pass(alarms: readonly SeenRun[], holds: readonly SeenRun[]): Promise<void> {
    const look = new Look(input, options, budget.bound(input.fetch), alarms);
    const limit = pLimit(CONCURRENCY);
    // Alarms come first: what is left of the budget is for the holds.
    await Promise.all(alarms.map((seen) => limit(async () => void findings.set(seen, await look.at(seen)))));
    await Promise.all(holds.map((seen) => limit(async () => void findings.set(seen, await look.behindHold(seen)))));
  }

  await pass(input.alarms, input.holds);
  const hasty = [...findings].flatMap(([first, finding]) =>
    finding.kind === 'seen' && restsOnNewFlag(finding.seen, input, options) ? [{ first, seen: finding.seen }] : [],
  );
  if (hasty.length > 0 && options.confirmAfterMs > 0) {
    await options.sleep(options.confirmAfterMs);
    const later = hasty.map(({ seen }) => seen);
    await pass(later, []);
    for (const { first, seen } of hasty) {
      const finding = findings.get(seen);
      findings.delete(seen);
      if (finding !== undefined) findings.set(first, finding.kind === 'unconfirmed' ? { seen, ...finding } : finding);
    }
  }
  return { findings, requests: budget.used };
}

/**
 * Whether only a flag that Tardy concluded, and of unknown age, fails the check: workers that restart
 * look dead for some seconds.
 */
function restsOnNewFlag({ run }: SeenRun, { judge }: SecondLookInput, { alarms }: SecondLook): boolean {
  const { flag } = run;
  if (flag === undefined || flag.by !== 'tardy' || flag.since !== undefined) return false;
  return alarms(judge(run)) && !alarms(judge({ ...run, flag: undefined }));
}

/** The state of a run as one way of reading gave it, or why there is none. */
type Evidence =
  | { readonly kind: 'run'; readonly run: Run }
  | { readonly kind: 'absent' }
  /** `rubbish`: something came back that cannot be read. Whoever sends that may send an empty list as well. */
  | { readonly kind: 'none'; readonly reason: string; readonly rubbish?: boolean };

/** The active list, read again. */
type ListAgain = { readonly runs: ReadonlyMap<string, Run>; readonly incomplete: string | undefined };

/** One look at several runs: they share identical requests and the list. */
class Look {
  readonly #input: SecondLookInput;
  readonly #options: SecondLook;
  /** Counts requests. */
  readonly #fetch: SourceFetch;
  /** Counts requests, and sends identical ones once. */
  readonly #shared: SourceFetch;
  readonly #keys: ReadonlySet<string>;
  readonly #listFirst: boolean;
  #list: Promise<ListAgain> | undefined;

  constructor(input: SecondLookInput, options: SecondLook, fetch: SourceFetch, alarms: readonly SeenRun[]) {
    this.#input = input;
    this.#options = options;
    this.#fetch = fetch;
    this.#shared = sharedFetch(fetch);
    this.#keys = new Set([...input.alarms, ...alarms].map(({ run }) => runKey(run)));
    this.#listFirst = alarms.length > input.listRequests && input.listRequests <= options.maxRequests;
  }

  /** Reads a run again and looks inside it. */
  async at(first: SeenRun): Promise<Finding> {
    try {
      const evidence = await this.#readAgain(first.run);
      switch (evidence.kind) {
        case 'absent':
          return { kind: 'gone' };
        case 'none':
          return { kind: 'unconfirmed', reason: evidence.reason };
        case 'run':
          return await this.#inside(withKnownTimes(evidence.run, first.run));
      }
    } catch (error) {
      return { kind: 'unconfirmed', reason: describeError(error).message };
    }
  }

  /** Checks whether what a held run waits for still exists. The list gave the run a moment ago, so it is not read again. */
  async behindHold(first: SeenRun): Promise<Finding> {
    return this.#inside(first.run);
  }

  /** A run into which nobody could look is not cleared by that, but its times may be newer than those of the first look. */
  async #inside(run: Run): Promise<Finding> {
    try {
      return this.#judge(await this.#inspect(run));
    } catch (error) {
      const { message: reason } = describeError(error);
      const seen = this.#input.judge(run);
      const damaged = isDamaged(error);
      const found = { kind: 'unconfirmed', reason, damaged } as const;
      return this.#options.alarms(seen) ? { ...found, seen } : found;
    }
  }

  #judge(run: Run): Finding {
    const seen = this.#input.judge(run);
    if (this.#options.alarms(seen)) return { kind: 'seen', seen };
    if (seen.freshness.skewed.length > 0) {
      return { kind: 'unconfirmed', reason: 'Read again, it has a time in the future.', damaged: true };
    }
    const unknown = seen.freshness.state === 'unknown' || (isActive(run) && run.outcome === 'unknown');
    return unknown
      ? { kind: 'unconfirmed', reason: 'It could not be judged when it was read again.' }
      : { kind: 'seen', seen };
  }

  async #inspect(run: Run): Promise<Run> {
    const { inspect } = this.#input.source;
    if (inspect === undefined || !isActive(run)) return run;
    const inspected = await inspect(run, this.#shared);
    if (runKey(inspected) !== runKey(run)) throw new SourceError('shape', `Another run came back: ${inspected.id}.`);
    if (!hasRealTimes(inspected)) throw new SourceError('shape', 'It shows a time that no calendar has.');
    return withKnownTimes(inspected, run);
  }

  /** A run that the list lacks is looked up, and the other way round: only a complete list shows that a run has gone. */
  async #readAgain(run: Run): Promise<Evidence> {
    const first = await (this.#listFirst ? this.#fromList(run) : this.#single(run));
    if (first.kind === 'run') return first;
    const second = await (this.#listFirst ? this.#single(run) : this.#fromList(run));
    if (second.kind === 'run') return second;
    const rubbish = [first, second].find((one) => one.kind === 'none' && one.rubbish === true);
    if (rubbish !== undefined) return rubbish;
    return first.kind === 'none' && second.kind === 'absent' ? second : first;
  }

  async #single(run: Run): Promise<Evidence> {
    try {
      const { source, attempt } = run;
      const again = await this.#input.source.get(run.id, this.#shared, { source, attempt });
      if (again === undefined)
        return { kind: 'none', reason: 'The source did not give it when it was requested again.' };
      if (runKey(again) === runKey(run)) return { kind: 'run', run: again };
      return { kind: 'none', reason: 'The source gave another run when it was requested again.' };
    } catch (error) {
      const { code, message: reason } = describeError(error);
      return { kind: 'none', reason, rubbish: code === 'shape' };
    }
  }

  async #fromList(run: Run): Promise<Evidence> {
    const { runs, incomplete } = await (this.#list ??= this.#readList());
    const again = runs.get(runKey(run));
    if (again !== undefined) return { kind: 'run', run: again };
    return incomplete === undefined
      ? { kind: 'absent' }
      : { kind: 'none', reason: `The list, read again, does not show that it has gone: ${incomplete}` };
  }

  async #readList(): Promise<ListAgain> {
    const { source, query } = this.#input;
    const runs = new Map<string, Run>();
    let incomplete: string | undefined;
    try {
      for await (const page of source.list(query, this.#fetch)) {
        const [issue] = page.issues;
        incomplete ??= page.incomplete ?? issue?.reason;
        for (const run of page.runs) {
          const key = runKey(run);
          // Its id may be that of a run we look for, damaged: such a list is no evidence that a run has gone.
          if (!this.#keys.has(key) && isActive(run) && this.#options.alarms(this.#input.judge(run)))
            incomplete ??= `It has a run that would fail the check and was not in it before: ${run.id}.`;
          const known = runs.get(key);
          // A terminal row wins over an active one: a list may lag behind.
          if (this.#keys.has(key) && (known === undefined || isActive(known))) runs.set(key, run);
        }
      }
    } catch (error) {
      incomplete ??= describeError(error).message;
    }
    return { runs, incomplete };
  }
}

/** Whether all times lie within the years 0 to 9999: others could not be written into a report. */
function hasRealTimes({ flag, waitsFor, ...run }: Run): boolean {
  const { queuedAt, notBefore, startedAt, phaseAt, heartbeatAt, endedAt, deadlineAt, holdSince } = run;
  const times = [queuedAt, notBefore, startedAt, phaseAt, heartbeatAt, endedAt, deadlineAt, holdSince];
  return [...times, flag?.since, waitsFor?.until].every(
    (at) => at === undefined || (at >= FIRST_INSTANT && at <= LAST_INSTANT),
  );
}

/** The times that were known stay known: a response that lost the last heartbeat is no evidence of health. */
function withKnownTimes(again: Run, first: Run): Run {
  if (again.status !== first.status || !isActive(again)) return again;
  return {
    ...again,
    queuedAt: again.queuedAt ?? first.queuedAt,
    startedAt: again.startedAt ?? first.startedAt,
    heartbeatAt: again.heartbeatAt ?? first.heartbeatAt,
    deadlineAt: again.deadlineAt ?? first.deadlineAt,
    holdSince: again.holdSince ?? (again.hold === first.hold ? first.holdSince : undefined),
  };
}
