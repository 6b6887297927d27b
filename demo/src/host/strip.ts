import { PEOPLE } from '../people.js';
import { API_MODES, CLOCKS, POLICY_NAMES, type Switches } from '../switches.js';
import { OPERATIONS } from '../tenant-work.js';
import { html, type Html } from './html.js';
import type { Place } from './place.js';

/** The control strip of the demo, which makes things go wrong. It is not part of the elements, and no real host has it. */
export function strip(person: string, switches: Switches, { tenant, run }: Place): Html {
  return html`<aside class="strip" aria-label="Controls of the demo">
    <details id="strip">
      <summary><b>Demo controls</b> <span>start work, kill its worker, break the API</span></summary>
      <div class="groups">
        <form method="post" action="/demo/person">
          <label for="person">Look as</label>
          <span
            ><select id="person" name="person">
              ${PEOPLE.map((one) => option(one.id, `${one.id}: ${one.shows}`, one.id === person))}
            </select>
            <button>Switch</button></span
          >
        </form>
        <form data-post="/demo/runs" data-started>
          <label for="type">Start for this tenant</label>
          <span
            ><select id="type" name="type">
              ${options(OPERATIONS, '')}
            </select>
            <button ${tenant === undefined ? html`disabled` : undefined}>Start</button></span
          >
        </form>
        <form data-post="${run === undefined ? '/demo/kill' : `/demo/runs/${encodeURIComponent(run)}/kill`}">
          <label for="kill">Worker of ${run === undefined ? 'the newest run here' : 'this run'}</label>
          <span><button id="kill" class="danger">Kill it (SIGKILL)</button></span>
        </form>
        ${
          run === undefined
            ? html`<form data-post="/demo/reconcile">
                <label for="reconcile">Likely stuck runs</label>
                <span><button id="reconcile">Reconcile now</button></span>
              </form>`
            : html`<form data-post="/demo/runs/${encodeURIComponent(run)}/close">
                <label for="close">This run</label>
                <span><button id="close">Reconcile (close) it</button></span>
              </form>`
        }
        ${setting('reconciler', 'Reconciler of the host', { off: 'off', on: 'on' }, switches.reconciler ? 'on' : 'off')}
        ${setting('api', 'For browsers the API', API_MODES, switches.api)}
        ${setting('clock', 'Clock of the server', CLOCKS, switches.clock)}
        ${setting('policy', 'Thresholds of', POLICY_NAMES, switches.policy)}
        <form data-post="/demo/expire">
          <label for="expire">Sessions</label>
          <span><button id="expire">End them all</button></span>
        </form>
      </div>
    </details>
    <output id="said" for="strip"></output>
  </aside>`;
}

function setting(name: string, label: string, values: Readonly<Record<string, string>>, selected: string): Html {
  return html`<form data-switch>
    <label for="${name}">${label}</label>
    <span
      ><select id="${name}" name="${name}">
        ${options(values, selected)}
      </select></span
    >
  </form>`;
}

function options(values: Readonly<Record<string, string>>, selected: string): readonly Html[] {
  return Object.entries(values).map(([value, text]) => option(value, text, value === selected));
}

function option(value: string, text: string, isSelected: boolean): Html {
  return html`<option value="${value}" ${isSelected ? html`selected` : undefined}>${text}</option>`;
}
