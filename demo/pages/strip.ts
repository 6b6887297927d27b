import { elementsHere } from './elements-here.js';

const OPEN = 'tardy-demo-strip';

/** Makes the control strip of the demo work: each post is confirmed by a sentence, and the elements refresh. */
export function startStrip(): void {
  const strip = document.querySelector<HTMLDetailsElement>('#strip');
  if (strip === null) return;
  strip.open = sessionStorage.getItem(OPEN) === 'yes';
  strip.addEventListener('toggle', () => sessionStorage.setItem(OPEN, strip.open ? 'yes' : 'no'));
  for (const form of strip.querySelectorAll<HTMLFormElement>('[data-post]')) {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void press(form);
    });
  }
  for (const form of strip.querySelectorAll<HTMLFormElement>('[data-switch]')) {
    form.addEventListener('change', () => void flip(form));
    form.addEventListener('submit', (event) => event.preventDefault());
  }
}

async function press(form: HTMLFormElement): Promise<void> {
  const body = valuesOf(form);
  body.set('tenant', document.body.dataset['tenant'] ?? '');
  const ok = await post(form.dataset['post'] ?? '', body);
  for (const element of ok ? elementsHere() : []) {
    void ('started' in form.dataset ? element.workStarted() : element.refresh());
  }
}

async function flip(form: HTMLFormElement): Promise<void> {
  const values = valuesOf(form);
  await post('/demo/switch', values);
  // The elements read the policy once, so another policy needs another page.
  if (values.has('policy')) location.reload();
  else for (const element of elementsHere()) void element.refresh();
}

/** Posts, and shows the result. */
async function post(address: string, body: URLSearchParams): Promise<boolean> {
  const output = document.querySelector<HTMLOutputElement>('#said');
  const answer = await fetch(address, { method: 'POST', body }).catch(() => undefined);
  const { said, detail } = ((await answer?.json().catch(() => undefined)) ?? {}) as { said?: string; detail?: string };
  const fallback = answer?.ok === true ? 'Done.' : 'The host did not respond.';
  if (output !== null) output.value = said ?? detail ?? fallback;
  return answer?.ok === true;
}

function valuesOf(form: HTMLFormElement): URLSearchParams {
  const values = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') values.set(name, value);
  return values;
}
