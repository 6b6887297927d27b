import type { InSight, Member, TenantInSight } from '../memberships.js';
import { PEOPLE } from '../people.js';
import { tenantHeading } from './frame.js';
import { html, type Html } from './html.js';

const LINKS = html`src="/api" list-href="/admin/operations" run-href="/admin/operations/{id}"`;

/** S1 to S4: what runs in one tenant, and what of it needs attention. */
export function tenantPage({ id, name }: TenantInSight): Html {
  return html`${tenantHeading(name, id, 'dashboard')}
    <ops-kpis ${LINKS} tenant="${id}"></ops-kpis>
    <div class="columns">
      <div>
        <ops-attention ${LINKS} tenant="${id}"></ops-attention>
        <ops-list density="compact" ${LINKS} tenant="${id}"></ops-list>
      </div>
      <run-progress ${LINKS} tenant="${id}"></run-progress>
    </div>`;
}

/** S5: the same over the tenants of a workspace that the viewer may see. */
export function workspacePage(id: string, { workspaces, tenants }: InSight): Html {
  const own = tenants.filter(({ workspace }) => workspace === id);
  const name = workspaces.find((one) => one.id === id)?.name ?? own[0]?.workspaceName;
  return html`<div class="heading">
      <p class="eyebrow">Workspace</p>
      <h1>${name}</h1>
      <nav class="tabs" aria-label="Pages of this workspace">
        <a href="/admin/workspaces/${id}" aria-current="page">Overview</a>
        <a href="/admin/operations?workspace_id=${id}">Operations</a>
      </nav>
    </div>
    <ops-kpis ${LINKS} workspace="${id}"></ops-kpis>
    <div class="columns">
      <div>
        <ops-attention ${LINKS} workspace="${id}"></ops-attention>
        <section class="card">
          <h2>Tenants</h2>
          <div class="scroll" tabindex="0" role="group" aria-label="Tenants">
            <table id="tenant-figures" data-workspace="${id}">
              <thead>
                <tr>
                  <th scope="col">Tenant</th>
                </tr>
              </thead>
              <tbody>
                ${own.map(
                  (tenant) =>
                    html`<tr data-tenant="${tenant.id}">
                      <th scope="row"><a href="/admin/tenants/${tenant.id}">${tenant.name}</a></th>
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>
        </section>
      </div>
      <run-progress ${LINKS} workspace="${id}"></run-progress>
    </div>`;
}

/** S6: the canonical list. The URL holds its slice, and keeps the tenant and the workspace that it names. */
export function operationsPage(tenant: TenantInSight | undefined, workspace: string | undefined): Html {
  const scope =
    tenant !== undefined
      ? html`tenant="${tenant.id}"`
      : workspace !== undefined
        ? html`workspace="${workspace}"`
        : html``;
  return html`${
      tenant === undefined
        ? html`<div class="heading">
            <p class="eyebrow">${workspace === undefined ? 'All you may see' : 'Workspace'}</p>
            <h1>Operations</h1>
          </div>`
        : tenantHeading(tenant.name, tenant.id, 'operations')
    } <ops-list src="/api" ${scope} sync-url="push" run-href="/admin/operations/{id}"></ops-list>`;
}

/** S7: one run. */
export function runPage(runId: string, tenant: TenantInSight | undefined): Html {
  return html`${tenant === undefined ? html`<div class="heading"><h1>Operation</h1></div>` : tenantHeading(tenant.name, tenant.id, undefined)}
    <p class="back">
      <a href="/admin/operations${tenant === undefined ? '' : `?tenant_id=${tenant.id}`}" data-back>← Operations</a>
    </p>
    <run-detail
      src="/api"
      run-id="${runId}"
      ${tenant === undefined ? undefined : html`tenant="${tenant.id}"`}
    ></run-detail>`;
}

/** The members of a tenant, for each of them to see, whatever else they may do. */
export function membersPage({ id, name, mayRead }: TenantInSight, members: readonly Member[]): Html {
  return html`${tenantHeading(name, id, 'members')}
    <section class="card">
      <div class="scroll" tabindex="0" role="group" aria-label="Members">
        <table>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Role</th>
              <th scope="col">Member of</th>
              <th scope="col">Sees operations</th>
            </tr>
          </thead>
          <tbody>
            ${members.map(
              (member) =>
                html`<tr>
                  <th scope="row">${member.name}</th>
                  <td>${member.role}</td>
                  <td>${member.of}</td>
                  <td>${member.mayRead ? 'yes' : 'no'}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>
    ${mayRead ? html`<run-progress mode="overlay" ${LINKS} tenant="${id}"></run-progress>` : undefined}`;
}

/** The choice of a person. */
export function signInPage(returnTo: string | undefined): Html {
  return html`<section class="card sign-in">
    <h1>Sign in to Harbor</h1>
    <p>This is a demo: there are no passwords. Choose who to be; each of them sees something different.</p>
    <form method="post" action="/session">
      <input type="hidden" name="return" value="${returnTo}" />
      ${PEOPLE.map(({ id, name, shows }) => html`<button name="person" value="${id}"><b>${name}</b><small>${shows}</small></button>`)}
    </form>
  </section>`;
}

/** The page for what does not exist and for what the visitor is not a member of: it does not say which. */
export function notFoundPage(): Html {
  return html`<section class="card notice">
    <h1>There is no such page</h1>
    <p>It does not exist, or you are not a member of the tenant it belongs to.</p>
    <p><a href="/admin">Go to your own pages</a></p>
  </section>`;
}

/** For a member who lacks the capability. */
export function forbiddenPage(tenant: TenantInSight | undefined): Html {
  return html`${tenant === undefined ? undefined : tenantHeading(tenant.name, tenant.id, undefined)}
    <section class="card notice">
      <h1>You may not see operations here</h1>
      <p>
        You are a member, but your role does not include <code>runs:read</code>. Ask an administrator of this tenant for
        it.
      </p>
      ${tenant === undefined ? undefined : html`<p><a href="/admin/tenants/${tenant.id}/members">See its members</a></p>`}
    </section>`;
}
