import { expect } from '@esm-bundle/chai';
import { DEFAULT_FILTER } from '@tardy/core';
import { T0, TestEnvironment } from '../test-environment.js';
import { mount, unmountAll } from '../test-fixture.js';
import { failed, fresh, late, stuck } from '../test-runs.js';
import { OpsAttention } from '../ops-attention/ops-attention.js';
import { OpsKpis } from '../ops-kpis/ops-kpis.js';
import { OpsList } from '../ops-list/ops-list.js';
import { RunDetail } from '../run-detail/run-detail.js';
import { RunProgress } from '../run-progress/run-progress.js';
import '../define.js';

const FOCUSABLE = 'a[href], button, input, select, summary, [tabindex="0"]';

type Rgb = readonly [red: number, green: number, blue: number, alpha: number];

/** What the browser makes of a colour, in whatever way it is written. */
function rgbOf(color: string): Rgb {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('No canvas.');
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, alpha / 255];
}

function luminance([red, green, blue]: Rgb): number {
  const [r = 0, g = 0, b = 0] = [red, green, blue].map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** As WCAG counts it. */
function contrast(a: Rgb, b: Rgb): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (high + 0.05) / (low + 0.05);
}

/** The colour that lies behind an element, out to the page. */
function behind(element: Element): Rgb {
  for (let at: Element | null = element; at !== null; at = at.parentElement ?? hostOf(at)) {
    const color = rgbOf(getComputedStyle(at).backgroundColor);
    if (color[3] === 1) return color;
  }
  return rgbOf('Canvas');
}

function hostOf(element: Element): Element | null {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
}

describe('what has the focus shows it', () => {
  beforeEach(() => {
    void new TestEnvironment();
  });
  afterEach(() => {
    unmountAll();
    document.documentElement.style.colorScheme = '';
  });

  const report = { runs: [stuck, late, fresh, failed], now: new Date(T0).toISOString() };
  const links = { report, announce: 'off', listHref: '/operations', runHref: '/operations/{id}' } as const;
  const elements = {
    'run-progress': () => mount(RunProgress, links),
    'ops-kpis': () => mount(OpsKpis, links),
    'ops-attention': () => mount(OpsAttention, links),
    'ops-list': () => mount(OpsList, { ...links, pageSize: 2, filter: { ...DEFAULT_FILTER, q: 'run' } }),
    'run-detail': () => mount(RunDetail, { ...links, runId: 'stuck' }),
  };

  for (const scheme of ['light', 'dark']) {
    for (const [tag, show] of Object.entries(elements)) {
      it(`in <${tag}>, ${scheme}: a ring of two pixels that stands out`, async () => {
        document.documentElement.style.colorScheme = scheme;
        const element = await show();
        const controls = [...(element.shadowRoot?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? [])].filter(
          (control) => control.checkVisibility() && !(control as HTMLButtonElement).disabled,
        );
        expect(controls.length).to.be.at.least(2);
        for (const control of controls) {
          control.focus();
          const what = `${control.localName} ${control.textContent.trim().slice(0, 30)}`;
          const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(control);
          expect(outlineStyle, what).to.equal('solid');
          expect(Number.parseFloat(outlineWidth), what).to.be.at.least(2);
          expect(contrast(rgbOf(outlineColor), behind(control.parentElement ?? control)), what).to.be.at.least(3);
        }
      });
    }
  }
});
