import { render } from '@lit-labs/ssr';
import { collectResult } from '@lit-labs/ssr/lib/render-result.js';
import { html } from 'lit';
import { describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };

const now = '2026-11-23T12:00:00Z';
const report = {
  now,
  runs: [
    {
      id: 'a',
      type: 't',
      title: 'Stuck run',
      status: 'running',
      started_at: '2026-11-23T08:40:00Z',
      heartbeat_at: '2026-11-23T08:52:00Z',
    },
    {
      id: 'b',
      type: 't',
      title: 'Fresh <run>',
      status: 'running',
      started_at: '2026-11-23T11:58:00Z',
      progress: { processed: 1, total: 4 },
    },
  ],
};

/** The sources of everything that the package exports. */
const entries = Object.values(manifest.exports)
  .map((target) => (typeof target === 'string' ? target : target.default))
  .flatMap((path) => /^\.\/dist\/([^.]+)\.js$/.exec(path)?.[1] ?? []);

describe('without a browser', () => {
  it.each(entries)('imports %s', async (entry) => {
    await expect(import(`./${entry}.js`)).resolves.toBeDefined();
  });

  it('draws data that is handed over, in the chosen language', async () => {
    await import('./define.js');
    await import('./locales/de.js');
    const text = await collectResult(
      render(html`
        <run-progress .report=${report} now=${now} time-zone="UTC" lang="de"></run-progress>
        <ops-attention .report=${report} now=${now} time-zone="UTC"></ops-attention>
        <ops-kpis .report=${report} now=${now} time-zone="UTC"></ops-kpis>
      `),
    );
    expect(text).toContain('Hängt vermutlich');
    expect(text).toContain('Likely stuck');
    expect(text).toContain('1 unhealthy');
    expect(text).toContain('Fresh &lt;run&gt;');
    expect(text).not.toContain('Fresh <run>');
  });

  it('draws its content while there is nothing to read', async () => {
    await import('./define.js');
    const text = await collectResult(render(html`<run-progress src="/api"><p>Fallback</p></run-progress>`));
    expect(text).toContain('<slot');
    expect(text).toContain('<p>Fallback</p>');
  });
});
