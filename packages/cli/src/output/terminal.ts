/** What the place that text goes to can show. */
export type Terminal = {
  readonly columns: number;
  readonly color: boolean;
  readonly unicode: boolean;
  readonly isTty: boolean;
};

/** What a terminal is told from. `flags.color` is absent when neither `--color` nor `--no-color` was given. */
export type TerminalInput = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTty: boolean;
  readonly columns: number | undefined;
  readonly flags?: { readonly color?: boolean | undefined } | undefined;
};

/** What a line is taken to hold where nothing says how wide it is. */
const DEFAULT_COLUMNS = 80;

/** Some pseudo-terminals of CI systems report no width, or none that a row could fit in. */
const LEAST_COLUMNS = 20;

/**
 * Tells what a stream can show. A flag wins over `NO_COLOR`, that over `FORCE_COLOR`, that over what the stream is.
 *
 * CI alone does not switch colours on: a pipe there is read by programs as well.
 */
export function terminalFrom({ env, isTty, columns, flags }: TerminalInput): Terminal {
  return {
    columns: columnsFrom(env, columns),
    color: flags?.color ?? colorFrom(env, isTty),
    unicode: unicodeFrom(env),
    isTty,
  };
}

/** Whether this is a CI job, whose log keeps every frame of an animation. */
export function isCi(env: TerminalInput['env']): boolean {
  const ci = env['CI'];
  return ci !== undefined && ci !== '' && ci !== '0' && ci !== 'false';
}

function colorFrom(env: TerminalInput['env'], isTty: boolean): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  return isTty && env['TERM'] !== 'dumb';
}

/** A log of CI is shown on a page in UTF-8, even where its container sets no locale. */
function unicodeFrom(env: TerminalInput['env']): boolean {
  if (env['TERM'] === 'dumb' || env['TERM'] === 'linux') return false;
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((value) => value !== undefined && value !== '');
  if (locale !== undefined) return /utf-?8/i.test(locale);
  return isCi(env) || env['WT_SESSION'] !== undefined || env['TERM_PROGRAM'] !== undefined;
}

function columnsFrom(env: TerminalInput['env'], columns: number | undefined): number {
  if (columns !== undefined && columns >= LEAST_COLUMNS) return columns;
  const given = Number(env['COLUMNS']);
  return Number.isInteger(given) && given >= LEAST_COLUMNS ? given : DEFAULT_COLUMNS;
}
