import { reportText } from '../report-text.js';
import type { ReportFormat } from './format.js';

/** A table on a terminal, columns separated by tabs elsewhere, and a summary. */
export const textFormat: ReportFormat = {
  render: (report, context) => (context.textOf ?? reportText)(report, context),
  namesBasis: () => true,
};
