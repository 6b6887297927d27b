import { sqlDialect } from './dialects/index.js';
import type { InstantColumns, SqlDialect, SqlDialectName } from './dialects/dialect.js';
import type { SqlText } from './sql-text.js';
import { sqlTime, type SqlTime } from './sql-time.js';

/** What the steps of a judgement are written with: the dialect, its instants, and functions that mean the same in every dialect. */
export type SqlKit = {
  readonly dialect: SqlDialect;
  readonly time: SqlTime;
  /** The first or the last of some instants or durations, nulls ignored; null where there is none. */
  readonly earliest: (values: readonly SqlText[]) => SqlText;
  readonly latest: (values: readonly SqlText[]) => SqlText;
  /** The first of some instants; `never` where there is none. */
  readonly earliestOrNever: (values: readonly SqlText[]) => SqlText;
  /** The last of some instants; `always` where there is none. */
  readonly latestOrAlways: (values: readonly SqlText[]) => SqlText;
  /** A condition as a column. */
  readonly boolean: SqlDialect['boolean'];
  readonly isTrue: SqlDialect['isTrue'];
};

/** The kit for a table whose instants are of this kind. */
export function sqlKit(instants: InstantColumns, name: SqlDialectName): SqlKit {
  const dialect = sqlDialect(name);
  const time = sqlTime(instants, dialect);
  const { least, greatest, skipsNulls, boolean, isTrue } = dialect;
  const known = (values: readonly SqlText[]) => values.filter((value) => value !== time.absent);
  const replaced = (values: readonly SqlText[], by: SqlText) => values.map((value) => `coalesce(${value}, ${by})`);

  function pick(values: readonly SqlText[], of: (values: readonly SqlText[]) => SqlText, limit: SqlText): SqlText {
    const some = known(values);
    if (some.length < 2) return some[0] ?? time.absent;
    return skipsNulls ? of(some) : `nullif(${of(replaced(some, limit))}, ${limit})`;
  }

  function pickOr(values: readonly SqlText[], of: (values: readonly SqlText[]) => SqlText, limit: SqlText): SqlText {
    const some = known(values);
    if (some.length === 0) return limit;
    return skipsNulls ? `coalesce(${of(some)}, ${limit})` : of(replaced(some, limit));
  }

  // Of durations in PostgreSQL no limit is needed, since nulls are skipped.
  return {
    dialect,
    time,
    earliest: (values) => pick(values, least, time.never),
    latest: (values) => pick(values, greatest, time.always),
    earliestOrNever: (values) => pickOr(values, least, time.never),
    latestOrAlways: (values) => pickOr(values, greatest, time.always),
    boolean,
    isTrue,
  };
}
