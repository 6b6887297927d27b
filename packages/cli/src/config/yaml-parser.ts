/**
 * The part of `yaml` in use. Loaded as a module of our own: in the bundle `yaml` itself, a CommonJS package, gives a dynamic import
 * its default export only.
 */
export { parseDocument, stringify } from 'yaml';
