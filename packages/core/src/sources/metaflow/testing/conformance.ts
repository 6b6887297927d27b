import type { ConformanceCase } from '../../testing/conformance-case.js';
import { metaflowCase } from './server.js';

/** The conformance cases of the adapter. */
export const conformanceCases: readonly ConformanceCase[] = [metaflowCase];
