import { elementsHere } from './elements-here.js';

/**
 * On a dashboard the tenant changes without a page load: the elements get the other tenant, and drop the first in the
 * same task. A tenant whose operations the viewer may not see is left to the server, which says so.
 */
export function switchTenantsInPlace(): void {
  if (!location.pathname.match(/^\/admin\/tenants\/[^/]+$/)) return;
  const links = [...document.querySelectorAll<HTMLAnchorElement>('[data-switch-to]')];
  if (links.length < 2) return;
  const names = new Map(links.map(({ dataset, textContent }) => [dataset['switchTo'], textContent]));

  const show = (tenant: string) => {
    for (const element of elementsHere()) element.tenant = tenant;
    document.body.dataset['tenant'] = tenant;
    const name = names.get(tenant) ?? '';
    document.title = `${name} · Harbor`;
    for (const heading of document.querySelectorAll('[data-tenant-name]')) heading.textContent = name;
    for (const link of document.querySelectorAll<HTMLAnchorElement>('[data-tenant-href]')) {
      link.href = link.dataset['tenantHref']?.replace('{tenant}', encodeURIComponent(tenant)) ?? link.href;
    }
    for (const link of links) {
      if (link.dataset['switchTo'] === tenant) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
  };

  for (const link of links) {
    link.addEventListener('click', (event) => {
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      history.pushState(null, '', link.href);
      show(link.dataset['switchTo'] ?? '');
    });
  }
  addEventListener('popstate', () => {
    const tenant = /^\/admin\/tenants\/([^/]+)$/.exec(location.pathname)?.[1];
    if (tenant !== undefined && names.has(tenant)) show(tenant);
  });
}
