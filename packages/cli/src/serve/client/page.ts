import { pollOnly } from './poll-only.js';
import { watchStatus } from './status-watch.js';
import { showSources, showTenants, showVerdict } from './show-status.js';
import { startWall } from './wall.js';

const page = document.body.dataset['page'];

// Before the elements are defined: this module comes first.
for (const element of document.querySelectorAll('[src="/api"]')) pollOnly(element);

if (page === 'sign-in') {
  signInFromUrl();
} else {
  const wall = page === 'wall' ? startWall(Number(document.body.dataset['rotate'])) : undefined;
  document.querySelector('#back')?.addEventListener('click', (event) => {
    // Back to the slice of the list that the run was opened from.
    if (!document.referrer.startsWith(`${location.origin}/runs`) || history.length < 2) return;
    event.preventDefault();
    history.back();
  });
  watchStatus((news) => {
    showVerdict(news);
    if (news.kind !== 'status') return;
    showSources(news.status);
    showTenants(news.status);
    wall?.(news.status);
  });
}

/** A screen without a keyboard signs in with the token behind the `#` of its URL, which browsers send to nobody. */
function signInFromUrl(): void {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  const field = document.querySelector<HTMLInputElement>('#token');
  if (token === null || field === null || document.querySelector('[role=alert]') !== null) return;
  history.replaceState(null, '', location.pathname + location.search);
  field.value = token;
  field.form?.requestSubmit();
}
