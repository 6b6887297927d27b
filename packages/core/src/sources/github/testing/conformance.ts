import type { ConformanceCase } from '../../testing/conformance-case.js';
import { githubCase, githubOwnerCase } from './cases.js';

/** What the adapter has to show. */
export const conformanceCases: readonly ConformanceCase[] = [githubCase, githubOwnerCase];
