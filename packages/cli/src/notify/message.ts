import {
  DUE_REASONS,
  dueCounts,
  dueWords,
  reasonTitle,
  splitAlerts,
  type Alert,
  type Due,
  type DueReason,
  type Instant,
} from '@tardy/core';
import { sanitizeInline, sanitizeUrl } from '../output/sanitize.js';

/** One message: what a target is to be sent at once. */
export type AlertMessage = {
  /** The same for the same content, so that a receiver can recognise a message that arrives twice. */
  readonly id: string;
  /** The name of the target. */
  readonly target: string;
  readonly at: Instant;
  /** In the order of the groups, at least one. */
  readonly due: readonly Due[];
};

/** One run of a message as text, safe to print in one line. Each kind of target escapes it for its own markup. */
export type Item = {
  readonly title: string;
  /** What is wrong with it, or that nothing is any more. */
  readonly words: string;
  /** Type, tenant, source and id. */
  readonly place: string;
  readonly url: string | undefined;
};

/** The runs that a message is about for the same reason. */
export type Group = {
  readonly reason: DueReason;
  readonly title: string;
  readonly items: readonly Item[];
  /** How many more there are than `items`. */
  readonly omitted: number;
};

const LONGEST_TITLE = 150;
const LONGEST_WORDS = 300;
const LONGEST_PLACE = 200;

/** What a message is about, in one line: of one run its title, of several their number. */
export function subjectOf({ due }: AlertMessage): string {
  const [first] = due;
  if (first === undefined || due.length > 1) return `${whatOf(due)}: ${dueCounts(due)}`;
  const { reason, alert } = first;
  const what = reason === 'new' || reason === 'worse' ? alert.label : reasonTitle(reason);
  return `${sanitizeInline(what)}: ${itemTitle(alert)}`;
}

function whatOf(due: readonly Due[]): string {
  const { ofRuns, ofSources } = splitAlerts(due.map(({ alert }) => alert));
  if (ofSources.length === 0) return 'Stuck or late runs';
  return ofRuns.length === 0 ? 'Sources that cannot be read' : 'Stuck or late runs, unreadable sources';
}

/** So many runs of each group are listed even if another group would fill the message. */
const LEAST_LISTED = 3;

/** The groups of a message with at most `most` runs in all, those of the reasons that matter most first. */
export function groupsOf({ due, at }: AlertMessage, most: number): readonly Group[] {
  const groups = DUE_REASONS.map((reason) => ({ reason, all: due.filter((one) => one.reason === reason) })).filter(
    ({ all }) => all.length > 0,
  );
  const least = Math.min(LEAST_LISTED, Math.floor(most / Math.max(1, groups.length)));
  let spare = most - groups.reduce((sum, { all }) => sum + Math.min(least, all.length), 0);
  return groups.map(({ reason, all }) => {
    const sure = Math.min(least, all.length);
    const more = Math.min(spare, all.length - sure);
    spare -= more;
    return {
      reason,
      title: `${reasonTitle(reason)} (${all.length})`,
      items: all.slice(0, sure + more).map((one) => itemOf(one, at)),
      omitted: all.length - sure - more,
    };
  });
}

/** One run of a message. */
export function itemOf(due: Due, at: Instant): Item {
  const { run, sourceName, about } = due.alert;
  const tenant = run.tenant?.name ?? run.tenant?.id;
  const place =
    about === 'source' ? [run.type, run.id] : [run.type, ...(tenant === undefined ? [] : [tenant]), sourceName, run.id];
  return {
    title: itemTitle(due.alert),
    words: cut(sanitizeInline(dueWords(due, at)), LONGEST_WORDS),
    place: cut(place.map(sanitizeInline).join(' · '), LONGEST_PLACE),
    url: run.url === undefined ? undefined : shortUrl(run.url),
  };
}

/** What stands for the runs that are not listed. */
export function omittedWords({ omitted, items }: Group): string | undefined {
  if (omitted === 0) return undefined;
  if (items.length > 0) return `and ${omitted} more`;
  return omitted === 1 ? '1 run, not listed here' : `${omitted} runs, not listed here`;
}

/** A message as plain text, without markup. */
export function plainText(message: AlertMessage, most: number): string {
  const lines = groupsOf(message, most).flatMap((group) => {
    const more = omittedWords(group);
    return [
      group.title,
      '',
      ...group.items.flatMap(({ title, words, place, url }) => [
        `- ${title}`,
        `  ${words}`,
        `  ${place}`,
        ...(url === undefined ? [] : [`  ${url}`]),
      ]),
      ...(more === undefined ? [] : [`- ${more}`]),
      '',
    ];
  });
  return `${lines.join('\n').trimEnd()}\n`;
}

/** Cuts text to so many UTF-16 units, never within a character. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  let end = most - 1;
  if (/[\ud800-\udbff]/.test(text.charAt(end - 1))) end--;
  return `${text.slice(0, end)}…`;
}

/** A title may be empty, or consist of what is not shown. */
function itemTitle({ run }: Alert): string {
  const names = [run.title, run.id].map((name) => sanitizeInline(name).trim());
  return cut(names.find((name) => name !== '') ?? 'A run without a name', LONGEST_TITLE);
}

/** Links longer than that are left out: a cut one leads elsewhere. */
const LONGEST_URL = 1000;

function shortUrl(url: string): string | undefined {
  const safe = sanitizeUrl(url);
  if (safe.length > LONGEST_URL || !URL.canParse(safe)) return undefined;
  const { protocol, host, pathname, search, hash } = new URL(safe);
  if (protocol !== 'https:' && protocol !== 'http:') return undefined;
  // URLs as browsers write them may hold brackets and braces, which receivers refuse or read as markup.
  return `${protocol}//${host}${strict(pathname)}${strict(search)}${hash === '' ? '' : `#${strict(hash.slice(1))}`}`;
}

function strict(part: string): string {
  return part.replaceAll(/%(?![\da-f]{2})/gi, '%25').replaceAll(/[^\w.~:/?@!$&'()*+,;=%-]/g, encodeURIComponent);
}
