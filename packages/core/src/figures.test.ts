import { describe, expect, it } from 'vitest';
import { presentFigures } from './figures.js';
import { enSurfaces as surfaces } from './messages/en-surfaces.js';
import { filterToSearch } from './query.js';
import { emptyTotals } from './summary.js';

const busy = { ...emptyTotals(), active: 12, late: 2, likelyStale: 1, followUpLately: 3 };

describe('presentFigures', () => {
  it.each([
    {
      when: 'all is well',
      totals: { ...emptyTotals(), active: 3, fresh: 3 },
      withheld: false,
      detail: 'all healthy',
      tone: 'calm',
    },
    { when: 'a run is likely stuck', totals: busy, withheld: false, detail: '3 unhealthy', tone: 'danger' },
    {
      when: 'a run is late',
      totals: { ...emptyTotals(), active: 1, late: 1 },
      withheld: false,
      detail: '1 unhealthy',
      tone: 'warning',
    },
    {
      when: 'one cannot be told',
      totals: { ...emptyTotals(), active: 1, unknown: 1 },
      withheld: false,
      detail: '1 unhealthy',
      tone: 'neutral',
    },
    { when: 'nothing is active', totals: emptyTotals(), withheld: false, detail: '', tone: 'calm' },
    {
      when: 'nothing newer is known',
      totals: { ...emptyTotals(), active: 3 },
      withheld: true,
      detail: '',
      tone: 'neutral',
    },
    { when: 'a stuck run was last known', totals: busy, withheld: true, detail: '3 unhealthy', tone: 'danger' },
  ])('says of the active runs "$detail" when $when', ({ totals, withheld, detail, tone }) => {
    expect(presentFigures(totals, { surfaces, withheld })[0]).toMatchObject({ detail, detailTone: tone, tone: 'calm' });
  });

  it('takes the tone of what needs a follow-up: what succeeded in part is no failure', () => {
    const tones = (followUpTone?: 'warning') => presentFigures(busy, { surfaces, followUpTone }).at(-1)?.tone;
    expect([tones(), tones('warning')]).toEqual(['danger', 'warning']);
  });

  it('links to the slice that each metric counts, and keeps the tenant', () => {
    const figures = presentFigures({ ...busy, unknown: 1 }, { surfaces, filter: { tenantId: '7' } });
    expect(figures.map(({ name, filter }) => [name, filterToSearch(filter)])).toEqual([
      ['active', 'tenant_id=7&activeTab=active'],
      [
        'likely_stale',
        'tenant_id=7&activeTab=active_stale_attention&problemClass=active_stale_attention&state=likely_stale',
      ],
      ['late', 'tenant_id=7&activeTab=active_stale_attention&problemClass=active_stale_attention&state=late'],
      ['unknown', 'tenant_id=7&activeTab=active_stale_attention&problemClass=active_stale_attention&state=unknown'],
      ['follow_up_lately', 'tenant_id=7&activeTab=terminal_follow_up&problemClass=terminal_follow_up'],
    ]);
  });

  it('shows what cannot be told only where there is any', () => {
    expect(presentFigures(busy, { surfaces }).map(({ name }) => name)).not.toContain('unknown');
  });
});
