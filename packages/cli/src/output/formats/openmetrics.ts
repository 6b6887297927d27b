import type { ReportFormat } from './format.js';
import { reportMetrics, sampleLines } from './metrics.js';

/** OpenMetrics 1.0, for whatever reads no other text. */
export const openMetricsFormat: ReportFormat = {
  render: (report) => {
    const lines = reportMetrics(report)
      .filter(({ samples }) => samples.length > 0)
      .flatMap((metric) => [
        `# TYPE ${metric.name} gauge`,
        ...(metric.name.endsWith('_seconds') ? [`# UNIT ${metric.name} seconds`] : []),
        `# HELP ${metric.name} ${metric.help}`,
        ...sampleLines(metric),
      ]);
    return [...lines, '# EOF'].map((line) => `${line}\n`).join('');
  },
};
