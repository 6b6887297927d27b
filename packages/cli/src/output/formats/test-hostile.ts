import fc from 'fast-check';
import type { Report } from '@tardy/core';
import { ATTACKS } from '../test-attacks.js';
import { aReport, aSource, hostileRun } from '../test-report.js';

/** Texts for one place: an attack, several in a row, or anything at all. */
const hostileText = fc.oneof(
  fc.constantFrom(...ATTACKS.map(({ text }) => text)),
  fc.array(fc.constantFrom(...ATTACKS.map(({ text }) => text)), { maxLength: 3 }).map((texts) => texts.join('')),
  fc.string({ unit: 'binary', maxLength: 30 }),
);

/** A report in which a source put such a text wherever it can: each run with one of its own, and a source that failed with it. */
function hostileReport(texts: readonly string[]): Report {
  const [first = ''] = texts;
  return aReport(texts.map(hostileRun), [
    aSource({ name: first, runs: texts.length }),
    aSource({ name: first, kind: first, complete: false, error: { code: first, message: first } }),
    aSource({ name: first, kind: first, complete: false, issues: [{ id: first, reason: first }] }),
  ]);
}

/** Every attack at once. */
export const EVERY_ATTACK = hostileReport(ATTACKS.map(({ text }) => text));

/** Reports of hostile texts. */
export const hostileReports = fc.array(hostileText, { minLength: 1, maxLength: 4 }).map(hostileReport);
