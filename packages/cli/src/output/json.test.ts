import { parseRun } from '@tardy/core';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { jsonText, jsonValue, reportJson, reportNdjson } from './json.js';
import { parseFields, pickFields, REPORT_FIELDS } from './report-fields.js';
import { ATTACKS, harmIn } from './test-attacks.js';
import { aReport, aRun, aStuckRun, hostileRun } from './test-report.js';

describe('reportJson', () => {
  const report = aReport([aStuckRun(), aRun({ id: '2' })]);

  it('is the complete report, with the same bytes each time', () => {
    expect(JSON.parse(reportJson(report))).toEqual(report);
    expect(reportJson(report)).toBe(reportJson(aReport([aRun({ id: '2' }), aStuckRun()])));
    expect(reportJson(report).endsWith('\n}\n')).toBe(true);
  });

  it('has the selected fields of each run in the given order, and null for absent ones', () => {
    expect(reportJson(report, parseFields('label, id,tenant,ended_at,id'))).toBe(`[
  {
    "label": "Likely stuck",
    "id": "481516",
    "tenant": {
      "id": "7",
      "name": "Acme"
    },
    "ended_at": null
  },
  {
    "label": "Running",
    "id": "2",
    "tenant": {
      "id": "7",
      "name": "Acme"
    },
    "ended_at": null
  }
]
`);
  });

  it.each(ATTACKS)('keeps the value and prints nothing dangerous: $name', ({ text }) => {
    const hostile = aReport([hostileRun(text)]);
    const json = reportJson(hostile);
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(hostile)));
    for (const line of json.split('\n')) expect(harmIn(bareJson(line))).toBeUndefined();
  });
});

describe('parseFields', () => {
  it('knows every field of a row', () => {
    const [row] = aReport([aStuckRun()]).runs;
    if (row === undefined) throw new Error('the report has a run');
    const all = pickFields(row, parseFields(REPORT_FIELDS.join(',')));
    expect(Object.keys(all)).toEqual(REPORT_FIELDS);
    const known = new Set<string>(REPORT_FIELDS);
    const parts = [row.run, row.freshness, row.presentation];
    expect(parts.flatMap((part) => Object.keys(part)).filter((name) => !known.has(name))).toEqual([]);
  });

  it.each([
    ['id,colour', 'Unknown field "colour" in --json.'],
    ['constructor', 'Unknown field "constructor" in --json.'],
    [' , ', '--json= has no field name.'],
  ])('refuses %j and lists the fields there are', (text, message) => {
    const hint = `Fields: ${REPORT_FIELDS.join(', ')}`;
    expect(() => parseFields(text)).toThrow(UsageError);
    expect(() => parseFields(text)).toThrow(expect.objectContaining({ message, hint }));
  });
});

describe('reportNdjson', () => {
  it('is one run a line, which reads back as the same run', () => {
    const report = aReport([aStuckRun(), aRun({ id: '2' })]);
    const lines = reportNdjson(report.runs).trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    const [first = ''] = lines;
    expect(parseRun(JSON.parse(first), 'elsewhere')).toEqual({ ok: true, run: aStuckRun() });
    expect(JSON.parse(first)).toMatchObject({
      problem_class: 'active_stale_attention',
      freshness: { state: 'likely_stale' },
      presentation: { label: 'Likely stuck' },
    });
  });

  it.each(ATTACKS)('keeps a run on its line: $name', ({ text }) => {
    const lines = reportNdjson(aReport([hostileRun(text)]).runs).split('\n');
    expect(lines).toHaveLength(2);
    expect(harmIn(bareJson(lines[0] ?? ''))).toBeUndefined();
  });
});

it('prints any value as JSON', () => {
  expect(jsonText(jsonValue(aReport([]), parseFields('id')))).toBe('[]\n');
});

/** JSON without what is safe in it: marks stay, and a section of GitLab needs the control characters that are escaped. */
function bareJson(line: string): string {
  return line.replace(/\p{M}/gu, '').replaceAll('section_start:', '');
}
