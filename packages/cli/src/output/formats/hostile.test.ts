import { createHash } from 'node:crypto';
import { parse as parseCsv } from 'csv-parse/sync';
import fc from 'fast-check';
import type { Report } from '@tardy/core';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import {
  parseFragment,
  parse as parseHtml,
  defaultTreeAdapter as tree,
  type DefaultTreeAdapterTypes as Tree,
} from 'parse5';
import parsePrometheus from 'parse-prometheus-text-format';
import { describe, expect, it } from 'vitest';
import { harmIn } from '../test-attacks.js';
import { SAMPLE } from './test-sample.js';
import { EVERY_ATTACK, hostileReports } from './test-hostile.js';
import { FORMAT_NAMES, renderReport, type FormatName } from './registry.js';
import type { SlackMessage } from './slack.js';

type Check = (text: string, report: Report) => void;

/** What must hold of each format, whatever a source sent, read by a parser of that format. */
const CHECKS: Readonly<Record<FormatName, Check>> = {
  text: (text) => linesAreHarmless(text, '\t'),
  json: (text, report) => {
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(report)));
    expect(text).not.toContain('<');
  },
  ndjson: (text, { runs }) => {
    const rows = text.trimEnd().split('\n');
    expect(rows.map((row) => (JSON.parse(row) as { id: unknown }).id)).toEqual(runs.map(({ run }) => run['id']));
    expect(text).not.toContain('<');
  },
  csv: (text, { runs }) => {
    const [head = [], ...rows] = parseCsv(text, { record_delimiter: '\r\n' });
    expect(rows).toHaveLength(runs.length);
    for (const cell of rows.flat()) {
      expect(cell).not.toMatch(/^[\s"']*[=+\-@＝＋－＠](?<!^'.*)/);
      expect(harmIn(cell)).toBeUndefined();
    }
    for (const row of rows) expect(row).toHaveLength(head.length);
  },
  markdown: (text, { runs }) => {
    const html = micromark(text, {
      allowDangerousHtml: true,
      extensions: [gfm()],
      htmlExtensions: [gfmHtml()],
    });
    const elements = elementsOf(parseFragment(html));
    const known = ['p', 'strong', 'ul', 'li', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'a'];
    expect(elements.map(({ tagName }) => tagName).filter((name) => !known.includes(name))).toEqual([]);
    expect(elements.filter(({ tagName }) => tagName === 'tr')).toHaveLength(runs.length + 1);
    for (const row of elements.filter(({ tagName }) => tagName === 'tr'))
      expect(elementsOf(row)).toHaveLength(8 + elementsOf(row).filter(({ tagName }) => tagName === 'a').length);
    linksLeadHome(elements);
    const mentions = textsOf(parseFragment(html)).filter((words) => /(?:^|[^\w/])[@#!](?=[\w])/.test(words));
    expect(mentions).toEqual([]);
    linesAreHarmless(text.replaceAll('&#8203;', ''), ' | ');
  },
  html: (text, { runs }) => {
    const elements = elementsOf(parseHtml(text));
    const rows = elements.filter(({ tagName }) => tagName === 'tr');
    expect(rows).toHaveLength(runs.length + 1);
    const known = 'html head meta title style body h1 ul li table thead tbody tr th td span a small p'.split(' ');
    expect(elements.map(({ tagName }) => tagName).filter((name) => !known.includes(name))).toEqual([]);
    const attributes = 'lang charset http-equiv content name class scope aria-hidden href rel'.split(' ');
    const names = elements.flatMap(({ attrs }) => attrs.map(({ name }) => name));
    expect(names.filter((name) => !attributes.includes(name))).toEqual([]);
    linksLeadHome(elements);
    const [style, ...others] = elements.filter(({ tagName }) => tagName === 'style');
    if (style === undefined) throw new Error('there is a style');
    const hash = createHash('sha256').update(textsOf(style).join('')).digest('base64');
    expect([others, text.includes(`style-src 'sha256-${hash}'`)]).toEqual([[], true]);
  },
  github: (text, report) => {
    const lines = text.split('\n');
    const commands = lines.filter((line) => line.startsWith('::'));
    const form = /^::(?:error|warning|notice) title=(?:[^:,%\r]|%25|%0D|%0A|%3A|%2C)*::(?:[^%\r]|%25|%0D|%0A)*$/;
    for (const line of commands) expect(line).toMatch(form);
    const attention = report.runs.filter(({ problem_class: problem }) => problem !== 'none').length;
    expect(commands).toHaveLength(Math.min(10, attention) + 2);
    linesAreHarmless(lines.filter((line) => !line.startsWith('::')).join('\n'), '\t');
    for (const line of commands) linesAreHarmless(line.slice(2).replaceAll(/%0A/g, '\n').replace('::', ' '), '\t');
  },
  gitlab: (text, report) => {
    const issues = JSON.parse(text) as readonly { location: { path: string }; fingerprint: string }[];
    expect(issues).toHaveLength(report.runs.length + 2);
    for (const { location } of issues) {
      expect(location.path.split('/').filter((part) => part === '' || part === '.' || part === '..')).toEqual([]);
      expect(harmIn(location.path)).toBeUndefined();
    }
    expect(text).not.toContain('<');
  },
  junit: (text, report) => {
    expect(text.match(/<testcase /g)).toHaveLength(report.runs.length + 3);
    linesAreHarmless(text, '\t');
  },
  nagios: (text, report) => {
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(report.runs.length + 3);
    expect(lines.join('\n').split('|')).toHaveLength(2);
    expect(lines[0]).toMatch(/^TARDY CRITICAL - .* \|(?: [a-z_]+=\d+;\d*;\d*;\d+;?\d*){8}$/);
    linesAreHarmless(text, '\t');
  },
  prometheus: (text, report) => isPrometheus(text, report),
  openmetrics: (text, report) => {
    expect(text.endsWith('\n# EOF\n')).toBe(true);
    isPrometheus(text.replaceAll(/^# (?:UNIT .*|EOF)\n/gm, ''), report);
  },
  slack: (text, report) => {
    const { text: fallback, blocks } = JSON.parse(text) as SlackMessage;
    expect(fallback).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
    expect(blocks.length).toBeLessThanOrEqual(50);
    // Neither has markup: Slack shows what is in them as it is.
    expect(JSON.stringify(blocks)).not.toContain('mrkdwn');
    const [, body] = blocks;
    if (body?.type !== 'rich_text') throw new Error('there is a rich text');
    expect(body.elements).toHaveLength(Math.min(20, report.runs.length) + 2);
    for (const element of body.elements) {
      if (element.type !== 'rich_text_section') throw new Error('there are only sections');
      expect(element.elements).not.toEqual([]);
      for (const part of element.elements) {
        if (part.type !== 'text' && part.type !== 'link') throw new Error(`there is a ${part.type}`);
        expect(part.text?.length).toBeGreaterThan(0);
        expect(harmIn((part.text ?? '').replace(/\n$/, ''))).toBeUndefined();
        if (part.type === 'link') expect(part.url).toMatch(/^https:\/\/host\.example\//);
      }
    }
  },
  template: (text, report) => {
    expect(text.trimEnd().split('\n')).toHaveLength(report.runs.length * 2 + 1);
    linesAreHarmless(text, '\t');
  },
};

const TEMPLATE =
  '{{summary}}\n{{#each runs}}{{run.title}} {{run.url}} {{run.failure.message}}.\n{{json run}}\n{{/each}}';

describe.each(FORMAT_NAMES)('%s', (name) => {
  const render = (report: Report) => renderReport(name, report, { template: { path: 'report.txt', text: TEMPLATE } });

  it('keeps its form with a report that means no harm', async () => {
    const report = { ...SAMPLE, sources: [...SAMPLE.sources, ...SAMPLE.sources.slice(1)] };
    const text = await render(withHomeLinks(report));
    CHECKS[name](text, withHomeLinks(report));
    expect(text).not.toBe('');
  });

  it('keeps its form whatever a source sends', async () => {
    const text = await render(EVERY_ATTACK);
    expect(text).not.toBe('');
    CHECKS[name](text, EVERY_ATTACK);
    await fc.assert(
      fc.asyncProperty(hostileReports, async (report) => CHECKS[name](await render(report), report)),
      { numRuns: 60 },
    );
  });
});

it('a template for markup keeps its form whatever a source sends', async () => {
  const text =
    '<ul>{{#each runs}}<li title="{{run.title}}">{{run.title}}</li>{{/each}}</ul><script>{{json runs}}</script>';
  await fc.assert(
    fc.asyncProperty(hostileReports, async (report) => {
      const page = await renderReport('template', report, { template: { path: 'page.html.hbs', text } });
      const names = elementsOf(parseFragment(page)).map(({ tagName }) => tagName);
      expect(names).toEqual(['ul', ...report.runs.map(() => 'li'), 'script']);
    }),
    { numRuns: 60 },
  );
});

function withHomeLinks(report: Report): Report {
  return {
    ...report,
    runs: report.runs.map((row) => ({ ...row, run: { ...row.run, url: 'https://host.example/runs/1' } })),
  };
}

function linesAreHarmless(text: string, separator: string): void {
  for (const line of text.split('\n')) {
    for (const cell of line.split(separator)) expect(harmIn(cell)).toBeUndefined();
  }
}

/** Every sample can be read, no series comes twice, and no text has become a metric. */
function isPrometheus(text: string, report: Report): void {
  linesAreHarmless(text, '\t');
  const metrics = parsePrometheus(text);
  expect(metrics.map(({ name }) => name).filter((name) => !/^tardy_[a-z_]+$/.test(name))).toEqual([]);
  const attention = metrics.find(({ name }) => name === 'tardy_attention_runs')?.metrics ?? [];
  const total = attention.reduce((sum, { value }) => sum + Number(value), 0);
  expect(total).toBe(report.runs.filter(({ problem_class: problem }) => problem === 'active_stale_attention').length);
  const series = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.replace(/ [^ ]+$/, ''));
  const attentionSeries = series.filter((one) => !one.startsWith('tardy_source_'));
  expect(new Set(attentionSeries).size).toBe(attentionSeries.length);
}

function linksLeadHome(elements: readonly Tree.Element[]): void {
  const links = elements.filter(({ tagName }) => tagName === 'a');
  const urls = links.flatMap(({ attrs }) => attrs.filter(({ name }) => name === 'href').map(({ value }) => value));
  expect(urls.filter((url) => !url.startsWith('https://host.example/'))).toEqual([]);
}

function elementsOf(node: Tree.ParentNode): Tree.Element[] {
  return node.childNodes.flatMap((child) => (tree.isElementNode(child) ? [child, ...elementsOf(child)] : []));
}

function textsOf(node: Tree.ParentNode): string[] {
  return node.childNodes.flatMap((child) =>
    tree.isTextNode(child) ? [child.value] : tree.isElementNode(child) ? textsOf(child) : [],
  );
}
