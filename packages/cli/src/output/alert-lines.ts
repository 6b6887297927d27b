import { acknowledgementWords, alertsWords, parseInstant, statusWords, type Report, type ReportRun } from '@tardy/core';
import { sanitizeInline } from './sanitize.js';

/** What is said about a run compared with the check before, and about who accepts it; empty for most. */
function alertText({ alert, acknowledgement }: ReportRun): string {
  const since = alert === undefined ? undefined : parseInstant(alert.since);
  const status = alert === undefined || since === undefined ? '' : statusWords(alert.status, since);
  const flaps = alert?.flapping === true ? ', again and again' : '';
  if (acknowledgement === undefined) return `${status}${flaps}`;
  const until = parseInstant(acknowledgement.until) ?? Number.NaN;
  const accepted = acknowledgementWords({ ...acknowledgement, until });
  const said = acknowledgement.expired ? `no longer ${accepted}` : accepted;
  return [`${status}${flaps}`, said].filter((part) => part !== '').join('; ');
}

/** What is wrong with a run, and what is said about that: `No heartbeat for 42 min (new)`. */
export function whatText(row: ReportRun): string {
  const said = alertText(row);
  return said === '' ? row.presentation.headline : `${row.presentation.headline} (${said})`;
}

/** The lines about what has ended since the check before, about acknowledgements that match nothing, and the totals of what changed. */
export function alertLines(report: Report): string[] {
  const { alerts, acknowledgements } = report;
  const ended = (alerts?.ended ?? []).map(({ status, text, source_name, run }) => {
    const title = [run['title'], run['id']].find((one): one is string => typeof one === 'string' && one !== '') ?? '';
    const id = typeof run['id'] === 'string' ? run['id'] : '';
    const word = status === 'recovered' ? 'Recovered' : 'Vanished';
    return sanitizeInline(`${word}: ${title} (${source_name} ${id}): ${text}`);
  });
  const unmatched = (acknowledgements?.unmatched ?? []).map(({ match, by, reason }) =>
    sanitizeInline(
      `The acknowledgement by ${by} (${reason}) for ${matchText(match)} matches no run that needs attention. Remove it.`,
    ),
  );
  const words = alertsWords(report);
  return [...ended, ...unmatched, ...(words === undefined ? [] : [words])];
}

function matchText(match: Readonly<Record<string, string | readonly string[]>>): string {
  return Object.entries(match)
    .map(([name, globs]) => `${name} ${typeof globs === 'string' ? globs : globs.join(' or ')}`)
    .join(', ');
}
