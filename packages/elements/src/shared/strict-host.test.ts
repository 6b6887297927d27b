import { expect } from '@esm-bundle/chai';
import type { OpsElement } from './ops-element.js';

describe('on a page with a strict content security policy', () => {
  it('every element draws, announces and updates without a violation', async () => {
    const frame = document.createElement('iframe');
    const page = new URL('../test-strict-page.ts', import.meta.url).pathname;
    frame.src = `/strict-host?module=${page}`;
    document.body.append(frame);
    await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
    const inside = frame.contentDocument as Document;
    const { violations } = frame.contentWindow as unknown as { violations: string[] };
    const elements = [...inside.body.children].filter((child): child is OpsElement => child.shadowRoot !== null);
    expect(elements).to.have.length(5);
    for (const element of elements) {
      const { report } = element as unknown as { report: { runs: { id: string }[] } };
      element.report = {
        ...report,
        runs: report.runs.map((run) => (run.id === 'fresh' ? { ...run, status: 'completed', outcome: 'failed' } : run)),
      };
      await element.updateComplete;
      expect(element.shadowRoot?.adoptedStyleSheets.length).to.be.greaterThan(0);
      expect(element.shadowRoot?.textContent).to.contain('tuck');
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(violations).to.deep.equal([]);
    expect(inside.querySelector('[role=status]')?.textContent).to.contain('Fresh run');
    // The page is strict.
    inside.body.setAttribute('style', 'color: red');
    expect(() => (inside.body.innerHTML = '<b></b>')).to.throw();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(violations.map((text) => text.split(' ')[0])).to.include.members([
      'style-src-attr',
      'require-trusted-types-for',
    ]);
    frame.remove();
  });
});
