import type { ConformanceCase } from '../../testing/conformance-case.js';
import { n8nCase } from './server.js';

/** The conformance cases of the adapter. */
export const conformanceCases: readonly ConformanceCase[] = [n8nCase];
