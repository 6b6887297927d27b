import type { OpsStore } from '../store/ops-store.js';

type Speaker = Element & { requestUpdate(): void };

/** The elements on show of each store. */
const speakers = new WeakMap<OpsStore, Set<Speaker>>();

/** An element shows a store from now on; returns a function for when it does so no longer. */
export function speakFor(store: OpsStore, element: Speaker): () => void {
  const all = speakers.get(store) ?? new Set();
  speakers.set(store, all.add(element));
  const tell = () => {
    // Who speaks may be another one now.
    if (store.view.phase !== 'live') for (const other of all) if (other !== element) other.requestUpdate();
  };
  tell();
  return () => {
    all.delete(element);
    tell();
  };
}

/** Whether an element is the first of its store in its document or shadow root: only that one says at length what is wrong with the view. */
export function isSpokesman(store: OpsStore | undefined, element: Element): boolean {
  if (store === undefined) return true;
  const root = element.getRootNode();
  for (const other of speakers.get(store) ?? []) {
    const precedes = (element.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_PRECEDING) !== 0;
    if (other !== element && other.getRootNode() === root && precedes && other.checkVisibility()) return false;
  }
  return true;
}
