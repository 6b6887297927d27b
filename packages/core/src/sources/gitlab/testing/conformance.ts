import type { ConformanceCase } from '../../testing/conformance-case.js';
import { gitlabCase, gitlabGroupCase } from './server.js';

/** The conformance cases of the adapter. */
export const conformanceCases: readonly ConformanceCase[] = [gitlabCase, gitlabGroupCase];
