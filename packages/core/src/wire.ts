import { formatInstant } from './instant.js';
import {
  FLAG_AUTHORS,
  FLAG_KINDS,
  HOLDS,
  INITIATOR_KINDS,
  RUN_OUTCOMES,
  RUN_STATUSES,
  type Flag,
  type Instant,
  type Owner,
  type Progress,
  type Reconciliation,
  type Run,
  type RunOutcome,
  type RunStatus,
  type WaitsFor,
} from './run.js';
import {
  count,
  heartbeatInterval,
  instant,
  isRecord,
  oneOf,
  record,
  required,
  RUN_LIMITS,
  text,
  Unreadable,
  webUrl,
  words,
  type Wire,
} from './wire-fields.js';

/** A run that could not be read: `id` where it could still be found, and the reason for a person. */
export type RunIssue = { readonly id: string | undefined; readonly reason: string };

/** What reading one run gave. */
export type ParsedRun = { readonly ok: true; readonly run: Run } | { readonly ok: false; readonly issue: RunIssue };

/**
 * Reads a run from its wire form (`snake_case`, RFC 3339 instants). Only `id`, `type` and `status` are required; absent and
 * `null` mean the same; unknown fields are ignored.
 *
 * A `Date` may replace the text of an instant, for adapters whose system counts milliseconds. JSON cannot contain one, so a
 * number that arrives is never taken for a time.
 *
 * `source` is used if the row names none. An unknown outcome becomes `unknown` and is kept in `native`. Written
 * by hand, not with zod, for the elements' size and for speed; a property test holds it to the schema.
 */
export function parseRun(value: unknown, source: string): ParsedRun {
  if (!isRecord(value)) return { ok: false, issue: { id: undefined, reason: 'a run must be an object' } };
  try {
    return { ok: true, run: readRun(value, source) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const id = value['id'];
    return { ok: false, issue: { id: typeof id === 'string' ? id.slice(0, 200) : undefined, reason: error.message } };
  }
}

/** The wire form of a run: what `parseRun` reads back to the same run. Fields that are absent are left out. */
export function runToWire(run: Run): Record<string, unknown> {
  const wire: Record<string, unknown> = { id: run.id, source: run.source, type: run.type, title: run.title };
  const put = (name: string, value: unknown) => {
    if (value !== undefined) wire[name] = value;
  };
  const instant = (name: string, at: Instant | undefined) =>
    put(name, at === undefined ? undefined : formatInstant(at));
  put('workspace', run.workspace);
  put('tenant', run.tenant);
  wire['status'] = run.status;
  wire['outcome'] = run.outcome;
  put('hold', run.hold);
  instant('hold_since', run.holdSince);
  if (run.waitsFor !== undefined) {
    const { until, ...known } = run.waitsFor;
    wire['waits_for'] = { ...known, ...(until === undefined ? {} : { until: formatInstant(until) }) };
  }
  instant('queued_at', run.queuedAt);
  instant('not_before', run.notBefore);
  instant('started_at', run.startedAt);
  instant('phase_at', run.phaseAt);
  instant('heartbeat_at', run.heartbeatAt);
  put('heartbeat_interval', run.heartbeatInterval === undefined ? undefined : run.heartbeatInterval / 1000);
  instant('ended_at', run.endedAt);
  instant('deadline_at', run.deadlineAt);
  wire['attempt'] = run.attempt;
  if (run.flag !== undefined) {
    const { since, ...known } = run.flag;
    wire['flag'] = { ...known, ...(since === undefined ? {} : { since: formatInstant(since) }) };
  }
  put('progress', run.progress);
  if (run.reconciliation !== undefined) {
    wire['reconciliation'] = { ...run.reconciliation, at: formatInstant(run.reconciliation.at) };
  }
  put('failure', run.failure);
  put('initiator', run.initiator);
  put('url', run.url);
  if (Object.keys(run.labels).length > 0) wire['labels'] = run.labels;
  put('native', run.native);
  return wire;
}

function readRun(wire: Wire, source: string): Run {
  const type = required(wire['type'], 'type');
  const status = oneOf<RunStatus>(wire['status'], 'status', RUN_STATUSES);
  if (status === undefined) throw new Unreadable('status is missing; it must be queued, running or completed');
  const given = text(wire['outcome'], 'outcome');
  const outcome = outcomeOf(status, given);
  const attempt = count(wire['attempt'], 'attempt') ?? 1;
  if (attempt < 1 || !Number.isInteger(attempt)) throw new Unreadable('attempt must be a whole number of at least 1');
  return {
    id: required(wire['id'], 'id'),
    source: text(wire['source'], 'source') ?? source,
    type,
    title: words(wire['title'], 'title') || type,
    workspace: owner(wire['workspace'], 'workspace'),
    tenant: owner(wire['tenant'], 'tenant'),
    status,
    outcome,
    hold: oneOf(wire['hold'], 'hold', HOLDS),
    holdSince: instant(wire['hold_since'], 'hold_since'),
    waitsFor: waitsFor(wire),
    queuedAt: instant(wire['queued_at'], 'queued_at'),
    notBefore: instant(wire['not_before'], 'not_before'),
    startedAt: instant(wire['started_at'], 'started_at'),
    phaseAt: instant(wire['phase_at'], 'phase_at'),
    heartbeatAt: instant(wire['heartbeat_at'], 'heartbeat_at'),
    heartbeatInterval: heartbeatInterval(wire['heartbeat_interval']),
    endedAt: instant(wire['ended_at'], 'ended_at'),
    deadlineAt: instant(wire['deadline_at'], 'deadline_at'),
    attempt,
    flag: flag(wire),
    progress: progress(wire),
    reconciliation: reconciliation(wire),
    failure: failure(wire),
    initiator: initiator(wire),
    url: webUrl(wire['url'], 'url'),
    labels: labels(wire),
    native: native(wire, given, outcome),
  };
}

function outcomeOf(status: RunStatus, given: string | undefined): RunOutcome {
  if (given === undefined) return status === 'completed' ? 'unknown' : 'pending';
  const known = RUN_OUTCOMES.find((outcome) => outcome === given);
  if (known === undefined) return 'unknown';
  if (status === 'completed') return known === 'pending' ? 'unknown' : known;
  return known === 'unknown' ? 'unknown' : 'pending';
}

function owner(given: unknown, name: 'workspace' | 'tenant'): Owner | undefined {
  const value = record(given, name);
  if (value === undefined) return undefined;
  // Names are written out: one put together for each run would cost more than reading it.
  return name === 'tenant'
    ? { id: required(value['id'], 'tenant.id'), name: words(value['name'], 'tenant.name') }
    : { id: required(value['id'], 'workspace.id'), name: words(value['name'], 'workspace.name') };
}

function flag(wire: Wire): Flag | undefined {
  const value = record(wire['flag'], 'flag');
  if (value === undefined) return undefined;
  const kind = oneOf(value['kind'], 'flag.kind', FLAG_KINDS);
  if (kind === undefined) throw new Unreadable('flag.kind is missing');
  return {
    kind,
    by: oneOf(value['by'], 'flag.by', FLAG_AUTHORS),
    text: words(value['text'], 'flag.text'),
    since: instant(value['since'], 'flag.since'),
  };
}

function waitsFor(wire: Wire): WaitsFor | undefined {
  const value = record(wire['waits_for'], 'waits_for');
  if (value === undefined) return undefined;
  return {
    kind: required(value['kind'], 'waits_for.kind'),
    id: text(value['id'], 'waits_for.id'),
    name: words(value['name'], 'waits_for.name'),
    url: webUrl(value['url'], 'waits_for.url'),
    state: words(value['state'], 'waits_for.state'),
    until: instant(value['until'], 'waits_for.until'),
  };
}

function progress(wire: Wire): Progress | undefined {
  const value = record(wire['progress'], 'progress');
  if (value === undefined) return undefined;
  const processed = count(value['processed'], 'progress.processed');
  if (processed === undefined) throw new Unreadable('progress.processed is missing');
  return {
    processed,
    total: count(value['total'], 'progress.total'),
    succeeded: count(value['succeeded'], 'progress.succeeded'),
    failed: count(value['failed'], 'progress.failed'),
    skipped: count(value['skipped'], 'progress.skipped'),
    unit: words(value['unit'], 'progress.unit'),
  };
}

function reconciliation(wire: Wire): Reconciliation | undefined {
  const value = record(wire['reconciliation'], 'reconciliation');
  if (value === undefined) return undefined;
  const at = instant(value['at'], 'reconciliation.at');
  if (at === undefined) throw new Unreadable('reconciliation.at is missing');
  return {
    at,
    reason: words(value['reason'], 'reconciliation.reason') ?? '',
    from: words(value['from'], 'reconciliation.from') ?? '',
  };
}

function failure(wire: Wire): Run['failure'] {
  const value = record(wire['failure'], 'failure');
  return value === undefined
    ? undefined
    : { code: text(value['code'], 'failure.code'), message: words(value['message'], 'failure.message') };
}

function initiator(wire: Wire): Run['initiator'] {
  const value = record(wire['initiator'], 'initiator');
  if (value === undefined) return undefined;
  const kind = oneOf(value['kind'], 'initiator.kind', INITIATOR_KINDS);
  if (kind === undefined) throw new Unreadable('initiator.kind is missing');
  return { kind, name: words(value['name'], 'initiator.name') };
}

function native(wire: Wire, given: string | undefined, outcome: RunOutcome): Run['native'] {
  const value = record(wire['native'], 'native');
  if (value !== undefined) {
    return { status: required(value['status'], 'native.status'), outcome: text(value['outcome'], 'native.outcome') };
  }
  return outcome === 'unknown' && given !== undefined && given !== 'unknown' && given !== 'pending'
    ? { status: text(wire['status'], 'status') ?? '', outcome: given }
    : undefined;
}

const NO_LABELS: Readonly<Record<string, string>> = Object.freeze({});

function labels(wire: Wire): Readonly<Record<string, string>> {
  const value = record(wire['labels'], 'labels');
  if (value === undefined) return NO_LABELS;
  const names = Object.keys(value);
  if (names.length > RUN_LIMITS.labels) throw new Unreadable(`labels has more than ${RUN_LIMITS.labels} entries`);
  let absent = false;
  for (const name of names) {
    if (name.length > RUN_LIMITS.text) {
      throw new Unreadable(`labels has a name longer than ${RUN_LIMITS.text} characters`);
    }
    if (value[name] === null || value[name] === undefined) absent = true;
    else if (typeof value[name] !== 'string') throw new Unreadable(`labels.${name} must be text`);
    else if (value[name].length > RUN_LIMITS.text) {
      throw new Unreadable(`labels.${name} is longer than ${RUN_LIMITS.text} characters`);
    }
  }
  // Parsed JSON is nobody else's, so that labels need not be copied.
  return (
    absent
      ? Object.fromEntries(Object.entries(value).filter(([, label]) => label !== null && label !== undefined))
      : value
  ) as Readonly<Record<string, string>>;
}
