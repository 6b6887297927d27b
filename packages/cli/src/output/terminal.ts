/** What the destination of text can display. */
export type Terminal = {
  readonly columns: number;
  readonly color: boolean;
  readonly unicode: boolean;
  readonly isTty: boolean;
  /** Shows text as a link (OSC 8) rather than the URL beside it. */
  readonly links: boolean;
};

/** What a terminal is detected from. `flags.color` is absent if neither `--color` nor `--no-color` was given. */
export type TerminalInput = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTty: boolean;
  readonly columns: number | undefined;
  readonly flags?: { readonly color?: boolean | undefined } | undefined;
};

/** A file: nothing is wrapped, painted or replaced. */
export const PLAIN_FILE: Terminal = { columns: 120, color: false, unicode: true, isTty: false, links: false };

/** The width if nothing says otherwise. */
const DEFAULT_COLUMNS = 80;

/** Some pseudo-terminals of CI systems report no width, or one too small for a row. */
const LEAST_COLUMNS = 20;

/**
 * Detects what a stream can display. A flag wins over `NO_COLOR`, which wins over `FORCE_COLOR`, which wins over the stream itself.
 *
 * CI alone does not turn colors on: programs read pipes there as well.
 */
export function terminalFrom({ env, isTty, columns, flags }: TerminalInput): Terminal {
  return {
    columns: columnsFrom(env, columns),
    color: flags?.color ?? colorFrom(env, isTty),
    unicode: unicodeFrom(env),
    isTty,
    links: linksFrom(env, isTty),
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

/**
 * Terminals that are known to show links: one that does not would show the text only, and the URL would be lost. `FORCE_HYPERLINK`
 * decides where it is set, as it does for other programs.
 */
function linksFrom(env: TerminalInput['env'], isTty: boolean): boolean {
  const force = env['FORCE_HYPERLINK'];
  if (force !== undefined && force !== '') return force !== '0';
  if (!isTty || isCi(env) || env['TERM'] === 'dumb') return false;
  const vte = Number(env['VTE_VERSION'] ?? 0);
  return (
    vte >= 5000 ||
    env['WT_SESSION'] !== undefined ||
    env['KITTY_WINDOW_ID'] !== undefined ||
    env['KONSOLE_VERSION'] !== undefined ||
    /^(?:iTerm\.app|WezTerm|vscode|ghostty|Hyper|Tabby|rio)$/.test(env['TERM_PROGRAM'] ?? '')
  );
}

/** CI logs are shown on a page in UTF-8, even if the container sets no locale. */
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
