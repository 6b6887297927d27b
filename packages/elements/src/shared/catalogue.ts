import { en, enPageMessages, type Messages, type PageMessages, type SurfaceMessages } from '@tardy/core';
import { german } from '#parts/german';

/** All words of one language. */
export type Catalogue = { readonly messages: Messages; readonly surfaces: SurfaceMessages };

/** The words of one language; those of the list and of the page of one run may come later. */
export type PageCatalogue = {
  readonly messages: Messages;
  readonly surfaces: PageMessages & Partial<Pick<SurfaceMessages, 'list' | 'detail'>>;
};

/** The words of one language with those of the list. */
export type ListWords = {
  readonly messages: Messages;
  readonly surfaces: PageMessages & Pick<SurfaceMessages, 'list'>;
};

/** The words of one language with those of the page of one run. */
export type DetailWords = {
  readonly messages: Messages;
  readonly surfaces: PageMessages & Pick<SurfaceMessages, 'detail'>;
};

const KEY = Symbol.for('tardy.catalogues/1');

const english: PageCatalogue = { messages: en, surfaces: enPageMessages };

function catalogues(): Map<string, Catalogue> {
  const holder = globalThis as unknown as { [KEY]?: Map<string, Catalogue> };
  return (holder[KEY] ??= new Map());
}

/** Makes a language available to all elements of the page. */
export function addCatalogue(catalogue: Catalogue): void {
  catalogues().set(catalogue.messages.locale, catalogue);
}

/** The catalogue of a language tag (`de-AT` finds `de`); English where there is none. */
export function catalogueOf(lang: string): PageCatalogue {
  return added(lang) ?? partOf(lang)?.value ?? english;
}

/** What has to be loaded for the words of a language. */
export function partOf(lang: string): typeof german | undefined {
  return /^de\b/i.test(lang) && added(lang) === undefined ? german : undefined;
}

function added(lang: string): Catalogue | undefined {
  const known = catalogues();
  return known.get(lang) ?? known.get(lang.split('-')[0] ?? '');
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
