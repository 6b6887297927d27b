import {
  absoluteTime,
  en,
  enDetailMessages,
  present,
  presentHistory,
  presentTimes,
  relativeTime,
  type Explanation,
  type Freshness,
  type Instant,
  type Owner,
  type Run,
  type RunHistory,
} from '@tardy/core';
import { paint } from './colors.js';
import { explanationLines } from './explanation-view.js';
import { sanitizeInline, sanitizeUrl } from './sanitize.js';
import { glyphOf } from './runs-table.js';
import type { Terminal } from './terminal.js';
import { pad, textWidth, wrap } from './text-width.js';

/** One run to show. `now` is the time it was judged at; `timeZone` is an IANA name, by default UTC. */
export type RunViewInput = {
  readonly run: Run;
  readonly freshness: Freshness;
  readonly now: Instant;
  readonly timeZone?: string | undefined;
  /** Who speaks where the verdict quotes the source. */
  readonly sourceTitle?: string | undefined;
  /** The run among earlier ones of its type, where a policy has learned from them. */
  readonly history?: RunHistory | undefined;
  /** Given with `--explain`. */
  readonly explanation?: Explanation | undefined;
};

/** One fact: its name and text. A fact with empty text is omitted. */
type Fact = readonly [name: string, text: string];

/**
 * One run: first what matters for a decision (state, since when, why, what to do), then its times, then its properties.
 *
 * In a pipe each line is a name, a tab and the text, as in `gh`, and nothing is wrapped.
 */
export function runViewLines(input: RunViewInput, terminal: Terminal): string[] {
  const times = presentTimes(input.run, input.now, { timeZone: input.timeZone }).map(
    ({ label, relative, absolute }): Fact => [label, `${relative} (${absolute})`],
  );
  const facts = factsOf(input);
  const explained = input.explanation === undefined ? [] : explanationLines(input.explanation, input, terminal);
  if (!terminal.isTty) {
    return [...factLines([...decisionFacts(input), ...times, ...facts], terminal), ...separated(explained)];
  }
  return [
    ...decisionZone(input, terminal),
    ...separated(factLines(times, terminal)),
    ...separated(factLines(facts, terminal)),
    ...separated(explained),
  ];
}

function decisionZone({ run, freshness, now, timeZone, sourceTitle }: RunViewInput, terminal: Terminal): string[] {
  const { label, tone, icon, headline, reason, guidance } = present(run, freshness, now, { sourceTitle });
  const state = paint(`${glyphOf(icon, terminal)} ${label}`, tone, terminal);
  const since = sinceWords(freshness, now, timeZone);
  const indented = (text: string) =>
    text === '' ? [] : wrap(sanitizeInline(text), terminal.columns - 2).map((line) => `  ${line}`);
  return [
    `${state}  ${paint(sanitizeInline(run.title), 'bold', terminal)}`,
    ...indented(since === '' ? headline : `${headline} (since ${since})`),
    ...indented(reason),
    ...indented(guidance).map((line) => paint(line, 'bold', terminal)),
  ];
}

function decisionFacts({ run, freshness, now, timeZone, sourceTitle }: RunViewInput): Fact[] {
  const { label, headline, reason, guidance } = present(run, freshness, now, { sourceTitle });
  return [
    ['State', label],
    ['Title', run.title],
    ['Headline', headline],
    ['Since', sinceWords(freshness, now, timeZone)],
    ['Reason', reason],
    ['Guidance', guidance],
  ];
}

/** When the state was reached; for a fresh run its times say it, and for an unknown one nobody can. */
function sinceWords({ state, since }: Freshness, now: Instant, timeZone: string | undefined): string {
  if (since === undefined || state === 'fresh') return '';
  return `${absoluteTime(since, { timeZone })}, ${relativeTime(since, now)}`;
}

function factsOf({ run, freshness, now, timeZone, history }: RunViewInput): Fact[] {
  const { reconciliation, failure, initiator, native, flag, url } = run;
  const progress = present(run, freshness, now).progress;
  return [
    ['Progress', progress?.text ?? ''],
    ['History', history === undefined ? '' : historyText(history)],
    [
      'Stale lineage',
      reconciliation === undefined
        ? ''
        : joined([
            `closed by the system ${absoluteTime(reconciliation.at, { timeZone })}`,
            reconciliation.from === '' ? undefined : `while ${reconciliation.from}`,
            reconciliation.reason,
          ]),
    ],
    ['Source says', flag === undefined ? '' : joined([flag.kind, flag.text])],
    ['Failure', joined([failure?.code, failure?.message])],
    ['Type', run.type],
    ['Tenant', ownerText(run.tenant)],
    ['Workspace', ownerText(run.workspace)],
    ['Source', run.source],
    ['Id', run.id],
    ['Attempt', run.attempt > 1 ? String(run.attempt) : ''],
    ['Initiator', joined([initiator?.kind, initiator?.name])],
    [
      'Labels',
      Object.entries(run.labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(', '),
    ],
    ['Native status', joined([native?.status, native?.outcome])],
    ['Link', url === undefined ? '' : sanitizeUrl(url)],
  ];
}

function historyText(history: RunHistory): string {
  const { headline, usual } = presentHistory(history, enDetailMessages.history, en);
  return `${headline} since ${history.since}. ${usual}`;
}

function factLines(facts: readonly Fact[], terminal: Terminal): string[] {
  const said = facts.flatMap(([name, text]): Fact[] => (text === '' ? [] : [[name, sanitizeInline(text)]]));
  if (!terminal.isTty) return said.map(([name, text]) => `${name}\t${text}`);
  const nameWidth = said.reduce((most, [name]) => Math.max(most, textWidth(name)), 0);
  const room = Math.max(20, terminal.columns - nameWidth - 4);
  return said.flatMap(([name, text]) => {
    // Links are not wrapped: a broken one can be neither clicked nor copied.
    const [first = '', ...rest] = name === 'Link' ? [text] : wrap(text, room);
    return [
      `  ${paint(pad(name, nameWidth), 'dim', terminal)}  ${first}`,
      ...rest.map((line) => `${' '.repeat(nameWidth + 4)}${line}`),
    ];
  });
}

function ownerText(owner: Owner | undefined): string {
  if (owner === undefined) return '';
  return owner.name === undefined || owner.name === '' ? owner.id : `${owner.name} (${owner.id})`;
}

function joined(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(': ');
}

function separated(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}
