import { jsonValue, reportJson } from '../json.js';
import { checkJq, jqText } from '../jq.js';
import type { ReportFormat } from './format.js';

/** The complete report, or selected fields of its runs, as JSON; a jq expression filters either. */
export const jsonFormat: ReportFormat = {
  render: (report, { fields, jq }) =>
    jq === undefined ? reportJson(report, fields) : jqText(jsonValue(report, fields), jq),
  check: async ({ jq }) => {
    if (jq !== undefined) await checkJq(jq);
  },
  namesBasis: ({ fields, jq }) => fields === undefined && jq === undefined,
};
