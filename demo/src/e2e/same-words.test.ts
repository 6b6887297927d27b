import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { OpsElement } from '@tardy/elements';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, openTab, type Stage, type Tab } from '../test-browser.js';

const NOON = Date.UTC(2026, 10, 23, 12);
const NOW = new Date(NOON).toISOString();

/** What is said of a run, as it can be read on a surface, and how it looks. */
type Words = { readonly label: string; readonly headline: string; readonly tone: string; readonly icon: string };
/** What the command line says of its look. */
type Look = Pick<Words, 'tone' | 'icon'> & { readonly problem_class: string };
type Page = {
  readonly list: readonly Words[];
  readonly cards: readonly Words[];
  readonly attention: readonly Words[];
  readonly details: readonly (Words & { readonly reason: string; readonly guidance: string })[];
};

const ago = fc
  .oneof(fc.integer({ max: 120_000 }), fc.integer({ min: -60_000, max: 8 * 3_600_000 }))
  .map((ms) => new Date(NOON - ms).toISOString());
const mayBe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const progress = fc.record({ processed: fc.nat(60), total: mayBe(fc.nat(50)), unit: mayBe(fc.constant('files')) });

/** Runs of all kinds on the wire, close to the thresholds of the default policy and far from them. */
const wireRuns = fc.array(
  fc
    .record({
      type: fc.constantFrom('sync', 'backup'),
      title: fc.constantFrom('Nightly backup', 'Sync “Müller & Söhne” <eu>', 'Größe 100 %'),
      status: fc.constantFrom('queued', 'running', 'completed'),
      native: mayBe(fc.constant({ status: 'awaiting_moderation' })),
      outcome: fc.constantFrom('succeeded', 'failed', 'cancelled', 'partially_succeeded', 'unknown'),
      hold: mayBe(fc.constantFrom('approval', 'paused')),
      queued_at: mayBe(ago),
      started_at: mayBe(ago),
      heartbeat_at: mayBe(ago),
      deadline_at: mayBe(ago),
      ended_at: ago,
      flag: mayBe(fc.constant({ kind: 'worker_lost', text: 'no worker on the queue' })),
      progress: mayBe(progress),
      reconciliation: mayBe(ago.map((at) => ({ at, reason: 'no heartbeat for 10 min', from: 'running' }))),
      attempt: mayBe(fc.integer({ min: 1, max: 3 })),
    })
    .map(({ outcome, ended_at, reconciliation, ...run }) =>
      run.status === 'completed'
        ? { ...run, outcome, ended_at, reconciliation }
        : { ...run, outcome: outcome === 'unknown' ? outcome : undefined },
    ),
  { minLength: 12, maxLength: 12 },
);

describe('whatever the run', () => {
  let stage: Stage;
  let tab: Tab;
  let folder: string;
  beforeAll(async () => {
    stage = await openStage({ restMs: 1000, lateMs: 60_000, staleMs: 120_000 });
    tab = await openTab(stage, 'omar', '/admin/tenants/7');
    folder = await mkdtemp(join(tmpdir(), 'tardy-words-'));
  });
  afterAll(async () => {
    await stage.close();
    await rm(folder, { recursive: true });
  });

  async function tardy(command: string, file: string, ...more: readonly string[]): Promise<string> {
    const bin = createRequire(import.meta.url).resolve('@tardy/cli/bin/tardy.mjs');
    const run = promisify(execFile)(process.execPath, [bin, command, `file:${file}`, ...more, '--now', NOW]);
    const { stdout } = await run.catch((error: { readonly code?: number; readonly stdout?: string }) => {
      // A run with a time in the future makes its source incomplete; what could be read is still printed.
      if (error.code !== 3 || error.stdout === undefined) throw error;
      return { stdout: error.stdout };
    });
    return stdout;
  }

  /** What `tardy show` prints of it, by the name of the line. */
  async function shown(file: string, id: string): Promise<Readonly<Record<string, string>>> {
    const lines = (await tardy('show', file, id)).split('\n');
    return Object.fromEntries(lines.map((line) => line.split('\t') as [string, string]));
  }

  /** How each run looks, by its id. */
  async function looks(file: string): Promise<ReadonlyMap<string, Look>> {
    const text = await tardy('list', file, '--json', 'id,tone,icon,problem_class');
    return new Map((JSON.parse(text) as (Look & { id: string })[]).map(({ id, ...look }) => [id, look]));
  }

  /** What the elements draw of it, in a page with the same data. */
  async function drawn(report: { readonly now: string; readonly runs: readonly { readonly id: string }[] }) {
    return tab.page.evaluate(async (data): Promise<Page> => {
      document.body.replaceChildren();
      const draw = async (tag: string, properties: object) => {
        const element = document.createElement(tag) as OpsElement;
        Object.assign(element, { report: data, now: data.now, timeZone: 'UTC', announce: 'off', ...properties });
        document.body.append(element);
        await element.updateComplete;
        return element;
      };
      const text = (root: ParentNode | null | undefined, part: string) =>
        root?.querySelector(`[part~=${part}]`)?.textContent.replaceAll(/\s+/g, ' ').trim() ?? '';
      const wordsOf = (root: ParentNode | null | undefined): Words => {
        const { tone = '', icon = '' } = root?.querySelector<HTMLElement>('[part~=badge]')?.dataset ?? {};
        return { label: text(root, 'badge'), headline: text(root, 'headline'), tone, icon };
      };
      const list = await draw('ops-list', { pageSize: 100 });
      const rows = [...(list.shadowRoot?.querySelectorAll<HTMLElement>('tr.row') ?? [])];
      const attention = await draw('ops-attention', { max: data.runs.length });
      const page = {
        list: [] as Words[],
        attention: [...(attention.shadowRoot?.querySelectorAll('.row') ?? [])].map(wordsOf),
        cards: [] as Words[],
        details: [] as Page['details'][number][],
      };
      for (const { id } of data.runs) {
        const row = rows.find((one) => one.dataset['key']?.endsWith(`:${id}`));
        const words = wordsOf(row);
        // A row shows its badge; its name has the sentence too.
        const name = row?.getAttribute('aria-label') ?? '';
        page.list.push({ ...words, headline: name.slice(name.indexOf(`${words.label}: `) + words.label.length + 2) });
        page.cards.push(wordsOf((await draw('run-progress', { runId: id })).shadowRoot));
        const root = (await draw('run-detail', { runId: id })).shadowRoot;
        page.details.push({ ...wordsOf(root), reason: text(root, 'reason'), guidance: text(root, 'guidance') });
      }
      return page;
    }, report);
  }

  it('all surfaces say of it what `tardy show` prints, and look like it', async () => {
    await fc.assert(
      fc.asyncProperty(wireRuns, async (seeds) => {
        const report = { now: NOW, runs: seeds.map((run, index) => ({ ...run, id: `op-${index}-`, source: 'host' })) };
        const file = join(folder, 'runs.json');
        await writeFile(file, JSON.stringify(report));
        const page = await drawn(report);
        const lookOf = await looks(file);
        const attention: Words[] = [];
        for (const [index, { id }] of report.runs.entries()) {
          const { State: label, Headline: headline, Reason = '', Guidance = '' } = await shown(file, id);
          expect(label).toBeTruthy();
          const { problem_class: problemClass, ...look } = lookOf.get(id) ?? { problem_class: 'none' };
          const words = { label, headline, ...look } as Words;
          if (problemClass !== 'none') attention.push(words);
          expect(page.list[index]).toEqual(words);
          expect(page.cards[index]).toEqual(words);
          expect(page.details[index]).toEqual({
            ...words,
            reason: Reason && `Why ${Reason}`,
            guidance: Guidance && `What to do ${Guidance}`,
          });
        }
        const sorted = (all: readonly Words[]) => all.map((one) => JSON.stringify(one, Object.keys(one).sort())).sort();
        expect(sorted(page.attention)).toEqual(sorted(attention));
      }),
      { numRuns: 5, endOnFailure: true },
    );
    // A process for each run that is shown: up to a hundred, beside the other tests.
  }, 180_000);

  it('does nothing that the page forbids', () => {
    expect(tab.complaints).toEqual([]);
  });
});
