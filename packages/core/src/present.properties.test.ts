import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify } from './classify.js';
import { de } from './messages/de.js';
import { en } from './messages/en.js';
import type { Messages } from './messages.js';
import { present, presentationLines, type Density, type Presentation } from './present.js';
import type { Run } from './run.js';
import { anyPolicy, anyRun } from './test-arbitraries.js';
import { SITUATIONS } from './test-situations.js';
import { NOW, POLICY } from './test-runs.js';

const LANGUAGES = [
  { language: 'English', messages: en },
  { language: 'German', messages: de },
];

function textsOf({ label, headline, reason, guidance, elapsed, progress }: Presentation): string[] {
  return [label, headline, reason, guidance, elapsed?.text ?? '', progress?.text ?? ''];
}

/** What is wrong with the words, in whatever language. */
function flawsOf(presentation: Presentation): string[] {
  const { label, headline, reason, guidance } = presentation;
  const flawed = (texts: readonly string[], good: RegExp) => texts.filter((text) => !good.test(text));
  return [
    ...textsOf(presentation).filter((text) => /undefined|null|NaN|Infinity|\[object/.test(text)),
    ...textsOf(presentation).filter((text) => / {2}|^ | $| [.,]|\.\.|\(\)/.test(text)),
    ...flawed([label, headline], /^[\p{Lu}\d].*[^.]$/u),
    ...flawed([reason], /^\p{Lu}.*[.!?]$/u),
    ...flawed([guidance], /^\p{Lu}.*\.$|^$/u),
  ];
}

describe.each(LANGUAGES)('the words in $language', { timeout: 30_000 }, ({ messages }) => {
  it('are complete sentences in every situation', () => {
    for (const { run, policy = POLICY } of SITUATIONS) {
      for (const withheld of [false, true]) {
        const words = present(run, classify(run, policy, NOW), NOW, { messages, withheld, sourceTitle: 'GitHub' });
        expect(flawsOf(words)).toEqual([]);
      }
    }
  });

  it('are complete sentences for any run', () => {
    fc.assert(
      fc.property(anyRun(), anyPolicy, fc.option(anyRun(), { nil: undefined }), (run, policy, previous) => {
        expect(
          flawsOf(present(run, classify(run, policy, NOW), NOW, { messages, previous, sourceTitle: 'GitHub' })),
        ).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('are the same for the same run, policy and instant', () => {
    fc.assert(
      fc.property(anyRun(), anyPolicy, (run, policy) => {
        const words = () => present(run, classify(run, policy, NOW), NOW, { messages });
        const first = words();
        present(run, classify(run, policy, NOW + 1e9), NOW + 1e9, { messages });
        expect(words()).toEqual(first);
      }),
      { numRuns: 300 },
    );
  });

  it('are added to by density, never changed', () => {
    const texts = (presentation: Presentation, density: Density) =>
      presentationLines(presentation, density).map(({ role, text }) => `${role}: ${text}`);
    fc.assert(
      fc.property(anyRun(), anyPolicy, (run, policy) => {
        const presentation = present(run, classify(run, policy, NOW), NOW, { messages });
        const [compact, row, full] = [
          texts(presentation, 'compact'),
          texts(presentation, 'row'),
          texts(presentation, 'full'),
        ];
        expect(compact.length).toBeGreaterThan(0);
        expect(row.filter((line) => compact.includes(line))).toEqual(compact);
        expect(full.filter((line) => row.includes(line))).toEqual(row);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the catalogues', () => {
  it('mean the same: label by label, each language has one of its own', () => {
    const keys = Object.keys(en.labels) as (keyof Messages['labels'])[];
    expect(new Set(keys.map((key) => en.labels[key])).size).toBe(keys.length);
    expect(new Set(keys.map((key) => de.labels[key])).size).toBe(keys.length);
  });

  it('agree on tone and icon, and on what is left unsaid', () => {
    const shape = (run: Run, messages: Messages, policy = POLICY) => {
      const { tone, icon, elapsed, progress, guidance } = present(run, classify(run, policy, NOW), NOW, { messages });
      return { tone, icon, elapsed: elapsed?.kind, progress: progress?.kind, guidance: guidance === '' };
    };
    for (const { run, policy } of SITUATIONS) expect(shape(run, de, policy)).toEqual(shape(run, en, policy));
  });
});
