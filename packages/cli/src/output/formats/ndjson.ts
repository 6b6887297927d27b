import { reportNdjson } from '../json.js';
import type { ReportFormat } from './format.js';

/** One run per line. */
export const ndjsonFormat: ReportFormat = { render: ({ runs }) => reportNdjson(runs) };
