/**
 * The parts of `yaml` that we use. A module of its own, because in the bundle a dynamic import of `yaml`, a CommonJS package, gives
 * only its default export.
 */
export { isScalar, LineCounter, parseDocument, stringify, visit } from 'yaml';
