import type { ConformanceCase } from '../../testing/conformance-case.js';
import { gitlabCase, gitlabGroupCase } from './server.js';

/** What the adapter has to show. */
export const conformanceCases: readonly ConformanceCase[] = [gitlabCase, gitlabGroupCase];
