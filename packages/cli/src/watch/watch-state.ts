import { DEFAULT_FILTER, passesFilter, runKey } from '@tardy/core';
import type { Key } from '../io.js';
import type { JudgedEntry } from '../live/status.js';

/** What a person has done to the view. */
export type WatchState = {
  /** The text that runs are filtered by. */
  readonly filter: string;
  /** Whether keys go into the filter. */
  readonly typing: boolean;
  /** The key of the selected run; the first one until another is selected. */
  readonly selected: string | undefined;
  /** Whether the selected run is shown instead of the list. */
  readonly detail: boolean;
};

/** What a key asks for beyond a change of the view. */
export type WatchAction = { readonly kind: 'quit' } | { readonly kind: 'open'; readonly url: string };

export const FIRST_STATE: WatchState = { filter: '', typing: false, selected: undefined, detail: false };

/** The runs that pass the filter. */
export function matching(runs: readonly JudgedEntry[], { filter }: WatchState): readonly JudgedEntry[] {
  return filter === '' ? runs : runs.filter((judged) => passesFilter(judged, { ...DEFAULT_FILTER, q: filter }));
}

/** The position of the selected run among those that match; that of the first one where it is not among them. */
export function selectedIndex(shown: readonly JudgedEntry[], { selected }: WatchState): number {
  return Math.max(
    0,
    shown.findIndex(({ run }) => runKey(run) === selected),
  );
}

/** What a key does to the view. `runs` are those before the filter, in their order. */
export function afterKey(
  state: WatchState,
  key: Key,
  runs: readonly JudgedEntry[],
): { readonly state: WatchState; readonly action?: WatchAction } {
  if (state.typing) return { state: afterTyping(state, key) };
  const shown = matching(runs, state);
  const index = selectedIndex(shown, state);
  switch (key.name ?? key.text) {
    case 'q':
      return { state, action: { kind: 'quit' } };
    case '/':
      return { state: { ...state, typing: true, detail: false } };
    case 'up':
    case 'k':
      return { state: select(state, shown, index - 1) };
    case 'down':
    case 'j':
      return { state: select(state, shown, index + 1) };
    case 'return':
    case 'enter':
      return { state: shown.length === 0 ? state : { ...select(state, shown, index), detail: !state.detail } };
    case 'escape':
      return { state: state.detail ? { ...state, detail: false } : { ...state, filter: '' } };
    case 'o': {
      const url = shown[index]?.run.url;
      return url === undefined ? { state } : { state, action: { kind: 'open', url } };
    }
    default:
      return { state };
  }
}

function afterTyping(state: WatchState, { name, text, ctrl }: Key): WatchState {
  switch (name) {
    case 'return':
    case 'enter':
      return { ...state, typing: false };
    case 'escape':
      return { ...state, typing: false, filter: '' };
    case 'backspace':
      return { ...state, filter: [...state.filter].slice(0, -1).join('') };
    default:
      // Sequences of function keys are no text.
      return ctrl || !/^\P{Cc}+$/u.test(text) ? state : { ...state, filter: state.filter + text };
  }
}

function select(state: WatchState, shown: readonly JudgedEntry[], index: number): WatchState {
  const at = shown[Math.min(Math.max(index, 0), shown.length - 1)];
  return at === undefined ? state : { ...state, selected: runKey(at.run) };
}
