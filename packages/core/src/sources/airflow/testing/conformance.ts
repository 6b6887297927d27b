import type { ConformanceCase } from '../../testing/conformance-case.js';
import { airflowCase } from './server.js';

/** What the adapter has to show. */
export const conformanceCases: readonly ConformanceCase[] = [airflowCase];
