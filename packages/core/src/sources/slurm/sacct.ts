import { parseInstant } from '../../instant.js';
import { hasText } from '../reading/body.js';
import { meaningOf } from '../reading/vocabulary.js';
import type { TableReader } from '../descriptor.js';
import { STATES } from './job.js';

/** The columns that make a table one of `sacct`. */
const NEEDED = ['JobID', 'State', 'Start'] as const;

const DAY_S = 86_400;

/** A time to the minute, its seconds, and its offset. */
const LOCAL = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?(Z|[+-]\d\d:?\d\d)?$/;

/**
 * Reads what `sacct --parsable2` prints, and `--parsable`: a job a line, by its header. Steps of a job (`123.batch`) are left out.
 *
 * `sacct` writes the local time of its machine without an offset, unless `SLURM_TIME_FORMAT` says otherwise. Such a time is read as one of UTC: learning
 * needs lengths of time, and where it can takes those that Slurm has measured itself.
 */
export function sacctTable(header: readonly string[]): TableReader | undefined {
  const names = header.map((name) => name.trim().toLowerCase());
  const at = (name: string) => names.indexOf(name.toLowerCase());
  if (NEEDED.some((name) => at(name) < 0)) return undefined;
  return (fields) => {
    const text = (name: string) => (at(name) < 0 ? '' : (fields[at(name)] ?? '').trim());
    const id = text('JobID');
    if (id === '' || id.includes('.')) return undefined;
    // `CANCELLED by 1000`
    const [state = ''] = text('State').split(' ');
    const meaning = meaningOf(STATES, state);
    const startedAt = timeIn(text('Start'));
    const elapsed = secondsIn(text('ElapsedRaw')) ?? spanIn(text('Elapsed'));
    const limit = minutesIn(text('TimelimitRaw')) ?? spanIn(text('Timelimit'));
    const after = (seconds: number | undefined) =>
      !(startedAt instanceof Date) || seconds === undefined
        ? undefined
        : new Date(startedAt.getTime() + seconds * 1000);
    const ended = meaning.status === 'completed';
    return {
      id,
      type: hasText(text('JobName')) ? text('JobName') : `user ${text('User')}`,
      ...meaning,
      queued_at: timeIn(text('Submit')),
      started_at: startedAt,
      ended_at: ended ? (after(elapsed) ?? timeIn(text('End'))) : undefined,
      deadline_at: after(limit),
      native: { status: state },
    };
  };
}

/** `Unknown` and `None` stand for no time. What is no time at all is left to whoever reads the row, who says so. */
function timeIn(text: string): Date | string | undefined {
  if (text === '' || text === 'Unknown' || text === 'None') return undefined;
  if (/^\d{9,11}$/.test(text)) return new Date(Number(text) * 1000);
  const [, minutes = '', seconds = ':00', offset = 'Z'] = LOCAL.exec(text) ?? [];
  // `+0100`, which is what %z gives.
  const instant = parseInstant(`${minutes}${seconds}${offset.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`);
  return instant === undefined ? text : new Date(instant);
}

function secondsIn(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function minutesIn(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) * 60 : undefined;
}

/** `[days-]hours:minutes:seconds`, in seconds; `UNLIMITED` and `Partition_Limit` are none. */
function spanIn(text: string): number | undefined {
  const [, days = '0', hours, minutes, seconds = '0'] =
    /^(?:(\d+)-)?(\d+):(\d\d)(?::(\d\d))?(?:\.\d+)?$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  return Number(days) * DAY_S + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
