import { globsOf, MATCH_FIELDS, matchesGlob, type Globs, type RunMatch } from './match.js';
import type { Run } from './run.js';

/** Represents every character that no glob names. */
const OTHER = '\u{E000}';

/** How much is tried before the search gives up: some globs would take forever. */
const LIMITS = { texts: 1000, states: 2000 } as const;

/** What several searches may take together, in characters of globs looked at. A search counts it down, and gives up at 0. */
export type Effort = { left: number };

/** What a field must be: `text` matches a glob of each of `all` and none of `none`; absent, it is left out of the run. */
type Wish = { readonly all: readonly Globs[]; readonly none: readonly Globs[]; readonly text: string | undefined };

type Wishes = ReadonlyMap<string, Wish>;

/**
 * Finds a run that all of `matched` match and none of `unmatched`; `undefined` if there is none, or a bounded search found none.
 */
export function findRun(
  matched: readonly RunMatch[],
  unmatched: readonly RunMatch[],
  effort: Effort = { left: Infinity },
): Run | undefined {
  let texts = 0;

  function narrow(wishes: Wishes, name: string, more: Partial<Wish>): Wishes | undefined {
    const before = wishes.get(name) ?? { all: [], none: [], text: undefined };
    const all = [...before.all, ...(more.all ?? [])];
    const none = [...before.none, ...(more.none ?? [])];
    effort.left -= wishes.size + all.length + none.length;
    if (effort.left < 0) return undefined;
    let { text } = before;
    const canBeAbsent = all.length === 0 && name !== 'source' && name !== 'type';
    if (!canBeAbsent && !fits(text, more)) {
      text = ++texts > LIMITS.texts ? undefined : findText(all, none, effort);
      if (text === undefined) return undefined;
    }
    return new Map([...wishes, [name, { all, none, text }]]);
  }

  function avoid(wishes: Wishes, index: number): Wishes | undefined {
    const match = unmatched[index];
    if (match === undefined) return wishes;
    for (const [name, globs] of Object.entries(match)) {
      const narrowed = isField(name) ? narrow(wishes, name, { none: [globs] }) : wishes;
      const found = narrowed && avoid(narrowed, index + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  let wishes: Wishes | undefined = new Map(
    ['source', 'type'].map((name) => [name, { all: [], none: [], text: OTHER }] as const),
  );
  for (const [name, globs] of matched.flatMap((match) => Object.entries(match))) {
    wishes = wishes && isField(name) ? narrow(wishes, name, { all: [globs] }) : undefined;
  }
  const found = wishes && avoid(wishes, 0);
  return found && runOf(found);
}

function isField(name: string): boolean {
  return name.startsWith('labels.') || MATCH_FIELDS.includes(name);
}

function fits(text: string | undefined, { all = [], none = [] }: Partial<Wish>): boolean {
  if (text === undefined) return false;
  const matches = (globs: Globs) => globsOf(globs).some((glob) => matchesGlob(glob, text));
  return all.every(matches) && !none.some(matches);
}

/** The shortest text, but not the empty one, that matches a glob of each of `all` and none of `none`, found breadth first. */
function findText(all: readonly Globs[], none: readonly Globs[], effort: Effort): string | undefined {
  const globs = [...all, ...none].flatMap(globsOf);
  const length = globs.reduce((sum, glob) => sum + glob.length + 1, 0);
  const alphabet = new Set([OTHER, ...globs.flatMap((glob) => glob.split(''))]);
  alphabet.delete('*');
  alphabet.delete('?');
  // A state says how far each glob has got: texts that lead to the same state need not both be tried.
  const seen = new Set<string>();
  let edge = [{ text: '', places: globs.map((glob) => afterStars(glob, [0])) }];
  while (edge.length > 0) {
    const next: typeof edge = [];
    for (const { text, places } of edge) {
      for (const character of alphabet) {
        const longer = text + character;
        effort.left -= length;
        if (effort.left < 0) return undefined;
        if (fits(longer, { all, none })) return longer;
        const reached = places.map((at, index) => step(globs[index] ?? '', at, character));
        const state = reached.join(';');
        if (seen.has(state)) continue;
        if (seen.size >= LIMITS.states) return undefined;
        seen.add(state);
        next.push({ text: longer, places: reached });
      }
    }
    edge = next;
  }
  return undefined;
}

/** The places in a glob that a character leads to from the given ones. */
function step(glob: string, places: readonly number[], character: string): readonly number[] {
  const reached = places.flatMap((at) => {
    if (glob[at] === '*') return [at];
    return glob[at] === '?' || glob[at] === character ? [at + 1] : [];
  });
  return afterStars(glob, reached);
}

/** The places with those that lie behind their stars, each once and in order. */
function afterStars(glob: string, places: readonly number[]): readonly number[] {
  const all = new Set<number>();
  for (let at of places) {
    all.add(at);
    while (glob[at] === '*') all.add(++at);
  }
  return [...all].sort((a, b) => a - b);
}

function runOf(wishes: Wishes): Run {
  const text = (name: string) => wishes.get(name)?.text;
  const owner = (id: string | undefined) => (id === undefined ? undefined : { id });
  const labels = [...wishes].flatMap(([name, wish]) =>
    name.startsWith('labels.') && wish.text !== undefined ? [[name.slice('labels.'.length), wish.text] as const] : [],
  );
  return {
    id: OTHER,
    source: text('source') ?? OTHER,
    type: text('type') ?? OTHER,
    title: OTHER,
    workspace: owner(text('workspace')),
    tenant: owner(text('tenant')),
    status: 'running',
    outcome: 'pending',
    attempt: 1,
    labels: Object.fromEntries(labels),
  };
}
