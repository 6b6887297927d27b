/** The elements that show the report, and what they take. */
type Shows = HTMLElement & { report: unknown; hrefFor: (target: Target) => string | undefined };

type Target =
  | { readonly kind: 'run'; readonly run: { readonly id: string; readonly source: string } }
  | { readonly kind: 'list'; readonly search: string };

const data: unknown = JSON.parse(document.querySelector('#report')?.textContent ?? 'null');
const main = document.querySelector('main');

for (const element of document.querySelectorAll<Shows>('[data-report]')) give(element);
addEventListener('hashchange', showRun);
showRun();

function give(element: Shows): void {
  element.hrefFor = hrefOf;
  element.report = data;
}

/** A run opens in this very file, and so does a slice of its list. */
function hrefOf(target: Target): string {
  switch (target.kind) {
    case 'run': {
      const { id, source } = target.run;
      return `#${new URLSearchParams({ run: id, source }).toString()}`;
    }
    case 'list':
      return `#${target.search}`;
  }
}

/** Shows the run that the URL names instead of the page, or the page with the slice of the list that it names. */
function showRun(): void {
  const named = new URLSearchParams(location.hash.slice(1));
  const id = named.get('run');
  document.querySelector('#run')?.remove();
  if (main !== null) main.hidden = id !== null;
  if (id === null) {
    if (location.hash.length > 1) showSlice(location.hash.slice(1));
    return;
  }
  const section = document.createElement('main');
  section.id = 'run';
  const back = document.createElement('a');
  back.href = '#';
  back.textContent = '← All runs';
  const detail = document.createElement('run-detail') as Shows;
  detail.setAttribute('run-id', id);
  const source = named.get('source');
  if (source !== null) detail.setAttribute('run-source', source);
  give(detail);
  section.append(back, detail);
  main?.after(section);
  scrollTo(0, 0);
}

function showSlice(search: string): void {
  const list = document.querySelector('ops-list');
  list?.setAttribute('filter', search);
  list?.scrollIntoView();
}
