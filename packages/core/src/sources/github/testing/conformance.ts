import type { ConformanceCase } from '../../testing/conformance-case.js';
import { githubCase, githubOwnerCase } from './cases.js';

/** The conformance cases of the adapter. */
export const conformanceCases: readonly ConformanceCase[] = [githubCase, githubOwnerCase];
