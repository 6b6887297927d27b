import { en, enSurfaces, type Messages, type SurfaceMessages } from '@tardy/core';

/** All words of one language. */
export type Catalogue = { readonly messages: Messages; readonly surfaces: SurfaceMessages };

const KEY = Symbol.for('tardy.catalogues/1');

const english: Catalogue = { messages: en, surfaces: enSurfaces };

function catalogues(): Map<string, Catalogue> {
  const holder = globalThis as unknown as { [KEY]?: Map<string, Catalogue> };
  return (holder[KEY] ??= new Map());
}

/** Makes a language available to all elements of the page. */
export function addCatalogue(catalogue: Catalogue): void {
  catalogues().set(catalogue.messages.locale, catalogue);
}

/** The catalogue of a language tag (`de-AT` finds `de`); English where there is none. */
export function catalogueOf(lang: string): Catalogue {
  const known = catalogues();
  return known.get(lang) ?? known.get(lang.split('-')[0] ?? '') ?? english;
}

/** The language of an element: its own, or that of the nearest ancestor that has one, shadow hosts included. */
export function langOf(element: Element): string {
  let at: Element | null = element;
  while (at !== null) {
    const marked: Element | null = at.closest('[lang]:not([lang=""])');
    if (marked !== null) return marked.getAttribute('lang') ?? '';
    const root: Node = at.getRootNode();
    at = root instanceof ShadowRoot ? root.host : null;
  }
  return '';
}
