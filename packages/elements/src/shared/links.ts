import { html, nothing, type TemplateResult } from 'lit';
import { DEFAULT_FILTER, filterToSearch, type Run, type RunFilter } from '@tardy/core';
import { OpsErrorEvent } from '../events/ops-error.js';
import { OpsNavigateEvent, type NavigationTarget } from '../events/ops-navigate.js';
import { titleOf, withoutCredentials } from './title.js';

/** An element that links into the pages of its host. */
export type LinkHost = EventTarget & {
  readonly tenant: string | undefined;
  readonly workspace: string | undefined;
  readonly listHref: string | undefined;
  readonly runHref: string | undefined;
  readonly hrefFor: ((target: NavigationTarget) => string | undefined) | undefined;
};

/** The links of an element into the pages of its host. */
export class HostLinks {
  readonly #host: LinkHost;

  constructor(host: LinkHost) {
    this.#host = host;
  }

  /** The filter of the element's own scope. */
  get scopeFilter(): Pick<RunFilter, 'tenantId' | 'workspaceId'> {
    return { tenantId: this.#host.tenant || undefined, workspaceId: this.#host.workspace || undefined };
  }

  /** A link to a run, by its title. */
  run(run: Run, tabIndex?: number): TemplateResult {
    const target = { kind: 'run', run } as const;
    return link(this.#href(target), target, 'title', titleOf(run), tabIndex);
  }

  /** A link to a slice of the list within the element's own scope; nothing where the host has no list. */
  list(slice: Partial<RunFilter>, part: string, content: unknown): TemplateResult | typeof nothing {
    const filter: RunFilter = { ...DEFAULT_FILTER, ...this.scopeFilter, ...slice };
    const target = { kind: 'list', filter, search: filterToSearch(filter) } as const;
    const href = this.#href(target);
    return href === undefined ? nothing : link(href, target, part, content);
  }

  #href(target: NavigationTarget): string | undefined {
    const { hrefFor, listHref, runHref } = this.#host;
    if (hrefFor !== undefined) {
      try {
        return hrefFor(target);
      } catch (error) {
        const failure = { kind: 'host', status: undefined, message: String(error), retryAt: undefined } as const;
        this.#host.dispatchEvent(new OpsErrorEvent(failure));
        return undefined;
      }
    }
    if (target.kind === 'list') return listHref === undefined ? undefined : withSearch(listHref, target.search);
    const { id, source, url } = target.run;
    return (
      runHref?.replaceAll('{id}', encodeURIComponent(id)).replaceAll('{source}', encodeURIComponent(source)) ??
      (url === undefined ? undefined : withoutCredentials(url))
    );
  }
}

/** A host's URL may have a query and a fragment of its own; a key of the slice replaces one of the host. */
function withSearch(href: string, search: string): string {
  const [, path = '', query = '', fragment = ''] = /^([^?#]*)\??([^#]*)(.*)$/s.exec(href) ?? [];
  const slice = new URLSearchParams(search);
  const own = query.split('&').filter((pair) => pair !== '' && !slice.has(pair.split('=', 1)[0] ?? ''));
  const all = [...own, search].filter((part) => part !== '').join('&');
  return `${path}${all === '' ? '' : `?${all}`}${fragment}`;
}

/**
 * A link into the host's pages; plain text where the host has no such page.
 *
 * A plain click asks the host first (`ops-navigate`). A click that opens a new tab or window is left to the browser.
 */
function link(
  href: string | undefined,
  destination: NavigationTarget,
  part: string,
  content: unknown,
  tabIndex?: number,
): TemplateResult {
  if (href === undefined) return html`<span part=${part} class=${part}>${content}</span>`;
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const allowed = event.currentTarget?.dispatchEvent(new OpsNavigateEvent(destination, href));
    if (allowed === false) event.preventDefault();
  };
  return html`<a part=${part} class=${part} href=${href} tabindex=${tabIndex ?? nothing} @click=${follow}
    >${content}</a
  >`;
}
