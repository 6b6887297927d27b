import { expect } from '@esm-bundle/chai';
import { css } from 'lit';
import { T0, TestEnvironment } from '../test-environment.js';
import { fresh, stuck } from '../test-runs.js';
import { OpsList } from '../ops-list/ops-list.js';
import { RunProgress } from '../run-progress/run-progress.js';
import { replacePage } from '../store/page.js';
import { Part } from './part.js';
import '../define.js';

const report = { runs: [stuck, fresh], now: new Date(T0).toISOString() };

describe('code that is loaded late', () => {
  afterEach(() => replacePage(undefined));

  it('is loaded once, however many need it', async () => {
    let loads = 0;
    const part = new Part(async () => ++loads);
    const used: number[] = [];
    part.use((code) => used.push(code));
    expect(await Promise.all([part.load(), part.load()])).to.deep.equal([1, 1]);
    part.use((code) => used.push(code));
    expect(used).to.deep.equal([1, 1]);
    expect(part.isDue).to.equal(false);
  });

  it('is asked for again after a failure, at once by a person and otherwise not in a hurry', async () => {
    let loads = 0;
    const part = new Part(() => (++loads === 1 ? Promise.reject(new Error('offline')) : Promise.resolve('code')));
    expect(await part.load()).to.equal(undefined);
    expect([part.hasFailed, part.isDue]).to.deep.equal([true, false]);
    expect(await part.load()).to.equal('code');
    expect([part.hasFailed, part.loading]).to.deep.equal([false, undefined]);
  });

  it('is what a list draws with: until then the list says that it loads', async () => {
    void new TestEnvironment();
    const list = Object.assign(new OpsList(), { report, announce: 'off' as const });
    document.body.append(list);
    const other = Object.assign(new OpsList(), { report, announce: 'off' as const });
    document.body.append(other);
    await Promise.resolve();
    expect(list.shadowRoot?.querySelector('[part=notice]')?.textContent).to.contain('Loading');
    await list.updateComplete;
    expect(list.shadowRoot?.querySelectorAll('tr.row')).to.have.length(2);
    expect(getComputedStyle(list.shadowRoot?.querySelector('.tabs') as Element).display).to.equal('flex');
    // Another list waits for the same code.
    await other.updateComplete;
    expect(other.shadowRoot?.querySelectorAll('tr.row')).to.have.length(2);
    list.remove();
    other.remove();
  });

  it('leaves an element with a way to try again where it cannot be loaded', async () => {
    void new TestEnvironment();
    let isOnline = false;
    const part = new Part(() => (isOnline ? Promise.resolve({ styles: css`` }) : Promise.reject(new Error('offline'))));
    class LateProgress extends RunProgress {
      protected override get code() {
        return part;
      }
    }
    customElements.define('late-progress', LateProgress);
    const element = Object.assign(new LateProgress(), { report, announce: 'off' as const });
    document.body.append(element);
    await element.updateComplete;
    expect(element.shadowRoot?.textContent).to.contain('cannot be loaded');
    isOnline = true;
    element.shadowRoot?.querySelector('button')?.click();
    await new Promise((resolve) => setTimeout(resolve));
    await element.updateComplete;
    expect(element.shadowRoot?.querySelectorAll('[part~=card]')).to.have.length(2);
    element.remove();
  });

  it('are the words of a language too, which needs no import', async () => {
    void new TestEnvironment();
    const element = Object.assign(new RunProgress(), { report, lang: 'de-CH', announce: 'off' as const });
    document.body.append(element);
    await Promise.resolve();
    expect(element.shadowRoot?.textContent?.trim()).to.equal('');
    await element.updateComplete;
    expect(element.shadowRoot?.textContent).to.contain('Hängt vermutlich');
    element.remove();
  });
});
