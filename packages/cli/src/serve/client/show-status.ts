import type { SourceStatus, Status } from '../../live/status.js';
import type { News } from './status-watch.js';

const title = document.title;

/** Shows the worst state: in words, in the title and in the icon of the tab. */
export function showVerdict(news: News): void {
  const verdict = document.querySelector<HTMLElement>('#verdict');
  const { words, tone, glyph, kind } =
    news.kind === 'status'
      ? { ...news.status, kind: news.status.verdict }
      : { words: lostWords(news.since), tone: 'warning', glyph: '?', kind: 'unknown' };
  if (verdict !== null) {
    // A status region speaks up whenever it changes.
    if (verdict.textContent !== words) verdict.textContent = words;
    verdict.dataset['tone'] = tone;
  }
  document.title = `${glyph} ${words.replace(/\.$/, '')} · ${title}`;
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  const href = `/favicon.svg?verdict=${kind}`;
  if (icon !== null && icon.getAttribute('href') !== href) icon.href = href;
}

function lostWords(since: Date | undefined): string {
  return since === undefined ? 'Tardy does not respond.' : `Tardy has not responded since ${timeOf(since)}.`;
}

/** Shows how each source is doing. */
export function showSources({ sources, now }: Status): void {
  const list = document.querySelector('#sources');
  if (list === null) return;
  list.replaceChildren(
    ...sources.map((source) => {
      const item = document.createElement('li');
      item.dataset['state'] = source.state;
      const name = document.createElement('b');
      name.textContent = source.name;
      const words = document.createElement('span');
      words.textContent = sourceWords(source, now);
      item.append(name, ' ', words);
      if (source.reason !== null) item.title = source.reason;
      if (source.state === 'failing' || source.state === 'incomplete') {
        const reason = document.createElement('small');
        reason.textContent = source.reason ?? '';
        item.append(reason);
      }
      return item;
    }),
  );
}

function sourceWords({ state, read_at: readAt, runs }: SourceStatus, now: string): string {
  const count = runs === 1 ? '1 run' : `${runs} runs`;
  switch (state) {
    case 'reading':
      return 'being read for the first time';
    case 'current':
      return `${count}, read ${agoOf(readAt, now)}`;
    case 'incomplete':
      return `${count}, incomplete`;
    case 'failing':
      return readAt === null ? 'cannot be read' : `not updating, as of ${timeOf(new Date(readAt))}`;
  }
}

function agoOf(at: string | null, now: string): string {
  const seconds = at === null ? 0 : Math.round((Date.parse(now) - Date.parse(at)) / 1000);
  return seconds < 5 ? 'just now' : seconds < 120 ? `${seconds} s ago` : `${Math.round(seconds / 60)} min ago`;
}

/** The time of day; with the date if that is another one. */
function timeOf(at: Date): string {
  const time = at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return at.toDateString() === new Date().toDateString() ? time : `${at.toLocaleDateString()} ${time}`;
}

/** Offers the tenants of the dashboard, if there are several. */
export function showTenants({ tenants }: Status): void {
  const select = document.querySelector<HTMLSelectElement>('#tenant');
  const label = select?.closest('label');
  if (!select || !label || document.body.dataset['page'] !== 'dashboard') return;
  const current = new URLSearchParams(location.search).get('tenant') ?? '';
  const known = tenants.some(({ id }) => id === current) || current === '';
  const offered = [...(known ? tenants : [...tenants, { id: current, name: current, attention: 0 }])];
  offered.sort((a, b) => a.name.localeCompare(b.name));
  label.hidden = offered.length < 2 && current === '';
  const key = JSON.stringify(offered.map(({ id, name }) => [id, name]));
  if (select.dataset['key'] === key) return;
  select.dataset['key'] = key;
  select.replaceChildren(new Option('All', ''), ...offered.map(({ id, name }) => new Option(name, id)));
  select.value = current;
  select.removeEventListener('change', openTenant);
  select.addEventListener('change', openTenant);
}

function openTenant({ target }: Event): void {
  if (!(target instanceof HTMLSelectElement)) return;
  location.href = target.value === '' ? '/' : `/?tenant=${encodeURIComponent(target.value)}`;
}
