import { matchesGlob, type Owner, type Run } from '@tardy/core';
import type { Command } from 'commander';
import { UsageError } from '../errors.js';

/** The selector flags as commander gives them. */
export type SelectorFlags = {
  readonly type: readonly string[];
  readonly tenant: readonly string[];
  readonly workspace: readonly string[];
  readonly label: readonly string[];
};

/**
 * Which runs a command is about, by globs as in a policy (`*`, `?`). Several of one kind are alternatives; a run must fit each kind.
 * Owners fit by id or by name.
 */
export type Selectors = {
  readonly types: readonly string[];
  readonly tenants: readonly string[];
  readonly workspaces: readonly string[];
  readonly labels: ReadonlyMap<string, readonly string[]>;
};

/** How many of the values that there are a message names. */
const NAMED = 8;

/** Adds the selector flags. */
export function withSelectors(command: Command): Command {
  const collect = (value: string, values: readonly string[]) => [...values, value];
  return command
    .option('--type <glob>', 'only runs of this type (repeatable)', collect, [])
    .option('--tenant <glob>', 'only runs of this tenant, by id or name (repeatable)', collect, [])
    .option('--workspace <glob>', 'only runs of this workspace, by id or name (repeatable)', collect, [])
    .option('--label <key=glob>', 'only runs with this label (repeatable)', collect, []);
}

/**
 * Parses the selector flags.
 *
 * @throws {UsageError} for a label without a value.
 */
export function readSelectors({ type, tenant, workspace, label }: SelectorFlags): Selectors {
  const labels = new Map<string, readonly string[]>();
  for (const pair of label) {
    const equals = pair.indexOf('=');
    if (equals <= 0) throw new UsageError(`--label "${pair}" is not a label.`, 'Write it as key=value.');
    const key = pair.slice(0, equals);
    labels.set(key, [...(labels.get(key) ?? []), pair.slice(equals + 1)]);
  }
  return { types: type, tenants: tenant, workspaces: workspace, labels };
}

/** Whether they leave any run out. */
export function isSelective({ types, tenants, workspaces, labels }: Selectors): boolean {
  return types.length + tenants.length + workspaces.length + labels.size > 0;
}

/** The only glob of a kind, if it is a plain value that a server can filter by. */
export function plainValue(globs: readonly string[]): string | undefined {
  const [only] = globs;
  return globs.length === 1 && only !== undefined && !/[*?]/.test(only) ? only : undefined;
}

/** Selects runs as they arrive, and remembers what there was, so that a misspelt selector does not look like a quiet day. */
export class Selection {
  /** How many runs fitted. */
  matched = 0;
  readonly #kinds: readonly Kind[];

  constructor({ types, tenants, workspaces, labels }: Selectors) {
    this.#kinds = [
      new Kind('type', types, ({ type }) => [type]),
      new Kind('tenant', tenants, ({ tenant }) => namesOf(tenant)),
      new Kind('workspace', workspaces, ({ workspace }) => namesOf(workspace)),
      ...[...labels].map(
        ([key, globs]) =>
          new Kind(`label ${key}`, globs, (run) => (Object.hasOwn(run.labels, key) ? [run.labels[key] ?? ''] : [])),
      ),
    ].filter(({ globs }) => globs.length > 0);
  }

  /** Whether a run is selected. */
  takes(run: Run): boolean {
    // Each kind looks at each run, to know what there is.
    const fits = this.#kinds.map((kind) => kind.takes(run));
    const taken = fits.every(Boolean);
    if (taken) this.matched++;
    return taken;
  }

  /** A sentence for each selector that no run fitted, with what there is instead. */
  complaints(): readonly string[] {
    return this.#kinds.flatMap((kind) => kind.complaints());
  }
}

/** The selectors of one kind. */
class Kind {
  readonly globs: readonly string[];
  readonly #name: string;
  readonly #valuesOf: (run: Run) => readonly string[];
  readonly #unmatched: Set<string>;
  readonly #seen = new Set<string>();

  constructor(name: string, globs: readonly string[], valuesOf: (run: Run) => readonly string[]) {
    this.#name = name;
    this.globs = globs;
    this.#valuesOf = valuesOf;
    this.#unmatched = new Set(globs);
  }

  takes(run: Run): boolean {
    const values = this.#valuesOf(run);
    const shown = values.at(-1);
    if (shown !== undefined && this.#seen.size <= NAMED) this.#seen.add(shown);
    const fitting = this.globs.filter((glob) => values.some((value) => matchesGlob(glob, value)));
    for (const glob of fitting) this.#unmatched.delete(glob);
    return fitting.length > 0;
  }

  complaints(): readonly string[] {
    const names = [...this.#seen].slice(0, NAMED);
    const others = names.length === 0 ? '' : ` There are: ${names.join(', ')}${this.#seen.size > NAMED ? ', …' : ''}.`;
    return [...this.#unmatched].map((glob) => `No run that was read has the ${this.#name} "${glob}".${others}`);
  }
}

function namesOf(owner: Owner | undefined): readonly string[] {
  if (owner === undefined) return [];
  return owner.name === undefined ? [owner.id] : [owner.id, owner.name];
}
