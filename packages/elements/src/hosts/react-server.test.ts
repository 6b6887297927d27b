import { expect } from '@esm-bundle/chai';
import '../define.js';

describe('a page that React has drawn on a server', () => {
  const until = async (isSo: () => boolean) => {
    for (let tries = 0; tries < 100 && !isSo(); tries++) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isSo()).to.equal(true);
  };

  it('keeps what is set and what happens when the browser takes it over', async () => {
    const frame = document.createElement('iframe');
    frame.src = '/host-react';
    frame.width = '900';
    document.body.append(frame);
    await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
    const inside = frame.contentWindow as unknown as Window & { followed: string[]; errors: string[] };
    const list = inside.document.querySelector('ops-list');
    const rows = () => list?.shadowRoot?.querySelectorAll('tr.row').length;
    await until(() => rows() === 1);
    list?.shadowRoot?.querySelector<HTMLElement>('tbody a')?.click();
    inside.document.querySelector<HTMLElement>('#more')?.click();
    await until(() => rows() === 2);
    expect(inside.followed).to.deep.equal(['/runs/a']);
    expect(inside.errors).to.deep.equal([]);
    const detail = inside.document.querySelector('run-detail');
    await until(() => detail?.shadowRoot?.textContent?.includes('Run b') === true);
    expect(typeof detail?.redact).to.equal('function');
    frame.remove();
  });
});
