import type { ReportFormat } from './format.js';
import { reportMetrics, sampleLines } from './metrics.js';

/** The text format of Prometheus, for the textfile collector of the node exporter. Samples have no times: it refuses those. */
export const prometheusFormat: ReportFormat = {
  render: (report) =>
    reportMetrics(report)
      .filter(({ samples }) => samples.length > 0)
      .flatMap((metric) => [
        `# HELP ${metric.name} ${metric.help}`,
        `# TYPE ${metric.name} gauge`,
        ...sampleLines(metric),
      ])
      .map((line) => `${line}\n`)
      .join(''),
};
