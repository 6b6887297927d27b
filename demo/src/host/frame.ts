import type { InSight } from '../memberships.js';
import { PEOPLE, ROLES } from '../people.js';
import type { Switches } from '../switches.js';
import type { Assets } from './assets.js';
import { html, type Html } from './html.js';
import type { Place } from './place.js';
import { strip } from './strip.js';

/** What a page shows, and to whom. */
export type FrameOptions = {
  readonly assets: Assets;
  readonly title: string;
  readonly content: Html;
  /** Absent on the sign-in page. */
  readonly as?: { readonly person: string; readonly inSight: InSight; readonly switches: Switches } | undefined;
  readonly place?: Place | undefined;
  /** Which entry of the navigation is the page itself. */
  readonly current?: 'dashboard' | 'workspace' | 'operations' | 'members' | undefined;
};

/** A complete page of the admin product. */
export function frame({ assets, title, content, as, place = {}, current }: FrameOptions): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Harbor</title>
        <link rel="icon" href="/favicon.svg" />
        ${assets.styles.map((href) => html`<link rel="stylesheet" href="${href}" />`)}
        ${assets.scripts.map((src) => html`<script type="module" src="${src}"></script>`)}
      </head>
      <body data-tenant="${place.tenant}" data-run="${place.run}">
        <a class="skip" href="#main">Skip to content</a>
        ${as === undefined ? undefined : header(as.person, as.inSight, place, current)}
        <main id="main">
          <div id="session-over" role="alert"></div>
          ${content}
        </main>
        ${as === undefined ? undefined : strip(as.person, as.switches, place)}
      </body>
    </html> `;
}

function header(person: string, inSight: InSight, place: Place, current: FrameOptions['current']): Html {
  const { workspaces, tenants } = inSight;
  const here = PEOPLE.find(({ id }) => id === person);
  const link = (href: string, text: string, isCurrent: boolean, tenant?: string) =>
    html`<a
      href="${href}"
      ${isCurrent ? html`aria-current="page"` : undefined}
      ${tenant === undefined ? undefined : html`data-switch-to="${tenant}"`}
      >${text}</a
    >`;
  return html`<header class="bar">
    <a class="brand" href="/admin">${ANCHOR} Harbor</a>
    <nav aria-label="Workspaces and tenants">
      ${workspaces.map(({ id, name }) => link(`/admin/workspaces/${id}`, name, current === 'workspace' && place.workspace === id))}
      ${tenants.map(({ id, name }) => link(`/admin/tenants/${id}`, name, place.tenant === id, id))}
    </nav>
    <div class="who">
      <span>${here?.name ?? person} <small>${here === undefined ? '' : ROLES[here.role].title}</small></span>
      <form method="post" action="/session/end"><button>Sign out</button></form>
    </div>
  </header>`;
}

/** The pages of one tenant, beside its name. */
export function tenantHeading(name: string, tenant: string, current: FrameOptions['current']): Html {
  const tab = (key: FrameOptions['current'], href: string, text: string) =>
    html`<a
      href="${href.replace('{tenant}', tenant)}"
      data-tenant-href="${href}"
      ${key === current ? html`aria-current="page"` : undefined}
      >${text}</a
    >`;
  return html`<div class="heading">
    <p class="eyebrow">Tenant</p>
    <h1 data-tenant-name>${name}</h1>
    <nav class="tabs" aria-label="Pages of this tenant">
      ${tab('dashboard', '/admin/tenants/{tenant}', 'Dashboard')}
      ${tab('operations', '/admin/operations?tenant_id={tenant}', 'Operations')}
      ${tab('members', '/admin/tenants/{tenant}/members', 'Members')}
    </nav>
  </div>`;
}

const ANCHOR = html`<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
  <path d="M10 6v11M4 11c0 3.6 2.6 6 6 6s6-2.4 6-6M7 9h6" />
  <circle cx="10" cy="4" r="2" />
</svg>`;
