import type { ConformanceCase } from '../../testing/conformance-case.js';
import { n8nCase } from './server.js';

/** What the adapter has to show. */
export const conformanceCases: readonly ConformanceCase[] = [n8nCase];
