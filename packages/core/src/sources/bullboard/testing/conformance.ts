import type { ConformanceCase } from '../../testing/conformance-case.js';
import { bullboardCase } from './server.js';

/** What the adapter has to show. */
export const conformanceCases: readonly ConformanceCase[] = [bullboardCase];
