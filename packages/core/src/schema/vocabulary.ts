import * as z from 'zod';
import { PROBLEM_CLASSES } from '../classify.js';
import type { ClockName } from '../run-clocks.js';
import type { Tone } from '../present-label.js';
import type { ReportVerdict } from '../report.js';

/** All problem classes. */
export const problemClassSchema = z.enum(PROBLEM_CLASSES);

/** What can decide on a verdict. */
export const clockSchema = z.enum(
  membersOf<ClockName>({ queue: true, run: true, silence: true, hold: true, deadline: true, flag: true }),
);

/** How a state is to be felt. */
export const toneSchema = z.enum(
  membersOf<Tone>({ calm: true, success: true, warning: true, danger: true, neutral: true }),
);

/** The worst that a report found. */
export const verdictSchema = z.enum(membersOf<ReportVerdict>({ fresh: true, late: true, stale: true, unknown: true }));

/** The members of a union. One that is forgotten does not compile. */
function membersOf<T extends string>(members: Readonly<Record<T, true>>): readonly T[] {
  return Object.keys(members) as T[];
}
