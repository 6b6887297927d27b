import { describe, expect, it } from 'vitest';
import { aReport, aStuckRun } from '../test-report.js';
import { FORMAT_NAMES, FORMATS, renderReport } from './registry.js';

describe('renderReport', () => {
  const report = aReport([aStuckRun({ title: 'Überprüfung' })]);

  it.each(FORMAT_NAMES)('renders %s without a terminal, ending with one line break', async (name) => {
    const text = await renderReport(name, report, { template: { path: 'report.hbs', text: '{{summary}}\n' } });
    expect(text).toMatch(/[^\n]\n$/);
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/\x1b/);
  });

  it.each(FORMAT_NAMES)('says in a few words what %s is for', (name) => {
    expect(FORMATS[name].about).toMatch(/^[^.]{5,80}$/);
  });
});
