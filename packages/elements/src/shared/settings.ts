import { parseInstant } from '@tardy/core';

/** Reads what a host set a property to; `undefined` for a value that cannot be used. */
export type Setting = (value: unknown) => unknown;

export type Settings = Readonly<Record<string, Setting>>;

/** A text; some frameworks set a number for it. */
const text: Setting = (value) => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined);

/** A number of at least so much, also as text. */
export const numberFrom =
  (least: number): Setting =>
  (value) =>
    Number(text(value)) >= least ? Number(value) : undefined;

export const oneOf =
  (...names: readonly unknown[]): Setting =>
  (value) =>
    names.includes(value) ? value : undefined;

export const anything: Setting = (value) => value;

export const object: Setting = (value) => (typeof value === 'object' ? value : undefined);

export const callback: Setting = (value) => (typeof value === 'function' ? value : undefined);

export const instantText: Setting = (value) => (parseInstant(String(value)) === undefined ? undefined : value);

export const timeZone: Setting = (value) =>
  accepted(value, (name) => new Intl.DateTimeFormat('en', { timeZone: String(name) }));

function accepted(value: unknown, use: (value: unknown) => unknown): unknown {
  try {
    use(value);
    return value;
  } catch {
    return undefined;
  }
}

/**
 * Replaces what cannot be used by `undefined`, so that the default applies, and warns. `null`, which frameworks and removed attributes
 * leave, is the same as not set. A property is a text where `settings` has nothing else for it.
 */
export function readSettings(element: Element, settings: Settings, names: Iterable<PropertyKey>): void {
  for (const name of names) {
    const value: unknown = Reflect.get(element, name);
    if (value === undefined) continue;
    const usable = value === null ? undefined : (settings[String(name)] ?? text)(value);
    if (Object.is(usable, value)) continue;
    if (usable === undefined && value !== null) {
      const kind = typeof value === 'string' || typeof value === 'number' ? `"${value}"` : typeof value;
      // oxlint-disable-next-line no-console -- where a developer looks for what is wrong with a page
      console.warn(`<${element.localName}>: ${String(name)} cannot be ${kind}. The default is used.`);
    }
    Reflect.set(element, name, usable);
  }
}
