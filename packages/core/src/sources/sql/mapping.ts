import { RUN_OUTCOMES, type RunOutcome, type RunStatus } from '../../run.js';
import { endedStatuses, type Meaning, type Vocabulary } from '../reading/vocabulary.js';
import type { SqlConfig } from './config.js';
import { ENGINE_TEXT, literal, type Engine } from './engine.js';
import type { SqlFields, SqlRuns } from './runs.js';

/** The statuses of a table that has Tardy's own words. */
const OWN_WORDS: Vocabulary = {
  queued: { status: 'queued' },
  running: { status: 'running' },
  completed: { status: 'completed', outcome: 'unknown' },
};

/** What a config says of a table, as the reader of runs needs it. */
export function runsOfConfig(engine: Engine, config: SqlConfig): SqlRuns {
  const { table, where, instants = 'timestamp', zone } = config;
  const fields = quoted(engine, config.fields);
  const statuses =
    config.statuses === undefined
      ? OWN_WORDS
      : Object.fromEntries(Object.entries(config.statuses).map(([word, meaning]) => [word, meaningOf(meaning)]));
  const within = where === undefined ? '' : `(${where}) and `;
  const active = config.active ?? notEnded(engine, fields.status, statuses);
  return {
    from: config.from ?? quotedName(engine, table ?? ''),
    active: `${within}(${active})`,
    ended: { where: `${within}(${active}) is not true`, order: fields.ended_at ?? fields.id },
    fields,
    statuses,
    instants,
    zone,
  };
}

/** A status that the mapping does not know belongs to a run that may be stuck. */
function notEnded(engine: Engine, status: string, statuses: Vocabulary): string {
  const ended = endedStatuses(statuses);
  if (ended.length === 0) return '1 = 1';
  return `${status} is null or ${ENGINE_TEXT[engine].asText(status)} not in (${ended.map(literal).join(', ')})`;
}

function meaningOf(meaning: NonNullable<SqlConfig['statuses']>[string]): Meaning {
  if (typeof meaning === 'string') {
    const outcome = RUN_OUTCOMES.find((name) => name === meaning);
    if (outcome !== undefined) return { status: 'completed', outcome };
    return complete({ status: meaning as RunStatus });
  }
  return complete(meaning);
}

function complete({
  status,
  outcome,
  hold,
}: {
  readonly status: RunStatus;
  readonly outcome?: RunOutcome | undefined;
  readonly hold?: Meaning['hold'] | undefined;
}): Meaning {
  const ended = outcome ?? (status === 'completed' ? 'unknown' : undefined);
  return { status, ...(ended === undefined ? {} : { outcome: ended }), ...(hold === undefined ? {} : { hold }) };
}

/** A plain name is a column, and taken letter by letter; everything else is an expression. */
function quoted(engine: Engine, fields: SqlConfig['fields']): SqlFields {
  const of = (value: unknown): unknown => {
    if (typeof value === 'string') return quotedName(engine, value);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([part, expression]) => [part, of(expression)]));
  };
  return of(fields) as SqlFields;
}

function quotedName(engine: Engine, text: string): string {
  if (!/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/.test(text)) return text;
  return text
    .split('.')
    .map((part) => ENGINE_TEXT[engine].identifier(part))
    .join('.');
}
