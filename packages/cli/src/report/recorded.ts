import {
  absoluteTime,
  alertRunOf,
  alertRunToWire,
  formatInstant,
  parseInstant,
  type AlertLevel,
  type Instant,
  type RecordedAlarm,
  type ReportRecorded,
  type RunOutcome,
} from '@tardy/core';
import { entryKey, type Entry, type SeenVerdict } from '../record/entry.js';
import type { RecordContents } from '../record/read-record.js';
import type { AlarmSection } from './alarm-section.js';

/** A time in which a run was late or likely stuck. */
type Spell = {
  readonly worst: SeenVerdict & { readonly state: AlertLevel };
  readonly from: Instant;
  /** Absent while it lasts. */
  readonly until: Instant | undefined;
  readonly outcome: RunOutcome | undefined;
};

/** What a record says about the time since an instant: which runs were late or likely stuck, from when until when. */
export function recordedSince({ entries, from }: RecordContents, since: Instant): ReportRecorded {
  const alarms = entries
    .flatMap((entry) => spellsOf(entry).map((spell) => ({ entry, spell })))
    .filter(({ spell: { until } }) => until === undefined || until >= since)
    .sort((one, other) => other.spell.from - one.spell.from || compareKeys(one.entry, other.entry));
  const stuck = new Set(alarms.filter(({ spell }) => spell.worst.state === 'likely_stale').map(({ entry }) => entry));
  const all = new Set(alarms.map(({ entry }) => entry));
  return {
    since: formatInstant(since),
    from: from === undefined ? null : formatInstant(from),
    late: all.size - stuck.size,
    likely_stale: stuck.size,
    alarms: alarms.map(({ entry, spell }) => alarmOf(entry, spell)),
  };
}

/** The same in one sentence: `2 runs were likely stuck and 1 late in the time since …; 1 still is.` */
function recordedWords({ since, from, late, likely_stale: stuck, alarms }: ReportRecorded, timeZone: string): string {
  const time = (text: string) => absoluteTime(parseInstant(text) ?? 0, { timeZone });
  const still = new Set(alarms.filter(({ until }) => until === null).map(({ run }) => run)).size;
  const counts = `${stuck} ${stuck === 1 ? 'run was' : 'runs were'} likely stuck and ${late} late`;
  const now = still === 0 ? 'None still is.' : `${still} still ${still === 1 ? 'is' : 'are'}.`;
  const gap = from === null ? ' The record has no check.' : from > since ? ` The record begins at ${time(from)}.` : '';
  return `Since ${time(since)}, ${counts}. ${now}${gap}`;
}

/** The same as a part of a report for people. */
export function recordedSection(recorded: ReportRecorded, timeZone: string): AlarmSection {
  const time = (text: string) => absoluteTime(parseInstant(text) ?? 0, { timeZone });
  return {
    id: 'recorded',
    heading: 'Recorded',
    words: recordedWords(recorded, timeZone),
    columns: ['State', 'Run', 'Source', 'What', 'Since', 'Ended'],
    rows: recorded.alarms.map(({ level, label, run, source_name: source, headline, since, until, outcome }) => {
      const title = typeof run['title'] === 'string' ? run['title'] : '';
      const end = until === null ? 'still' : `${outcome === null ? '' : `${outcome}, `}${time(until)}`;
      return { level, cells: [label, title, source, headline, time(since), end] };
    }),
  };
}

function compareKeys(one: Entry, other: Entry): number {
  return entryKey(one.sourceName, one.run) < entryKey(other.sourceName, other.run) ? -1 : 1;
}

function alarmOf({ sourceName, run }: Entry, { worst, from, until, outcome }: Spell): RecordedAlarm {
  return {
    level: worst.state,
    since: formatInstant(from),
    until: until === undefined ? null : formatInstant(until),
    outcome: outcome ?? null,
    label: worst.label,
    headline: worst.headline,
    source_name: sourceName,
    run: alertRunToWire(alertRunOf(run)),
  };
}

/** Verdicts of both levels one after another are one spell, which begins when the worst of them was reached. */
function spellsOf({ verdicts, run, goneAt }: Entry): Spell[] {
  const spells: Spell[] = [];
  let worst: Spell['worst'] | undefined;
  const close = (until: Instant | undefined, outcome?: RunOutcome) => {
    if (worst !== undefined) spells.push({ worst, from: worst.since ?? worst.seenAt, until, outcome });
    worst = undefined;
  };
  for (const verdict of verdicts) {
    switch (verdict.state) {
      case 'late':
      case 'likely_stale':
        if (worst === undefined || (worst.state === 'late' && verdict.state === 'likely_stale')) {
          worst = { ...verdict, state: verdict.state };
        }
        break;
      case 'terminal':
      case 'reconciled':
        close(run.endedAt ?? verdict.seenAt, run.outcome);
        break;
      case 'fresh':
      case 'unknown':
        close(verdict.seenAt);
        break;
    }
  }
  close(goneAt);
  return spells;
}
