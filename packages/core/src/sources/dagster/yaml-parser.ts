/**
 * The parts of `yaml` that we use. A module of its own, because in a bundle a dynamic import of `yaml`, a CommonJS package, gives only
 * its default export.
 */
export { parse, YAMLError } from 'yaml';
