import type { ConformanceCase } from '../../testing/conformance-case.js';
import { kubernetesCase } from './server.js';

/** The conformance cases of the adapter. */
export const conformanceCases: readonly ConformanceCase[] = [kubernetesCase];
