import type { Report } from '@tardy/core';
import type { ReportField } from '../report-fields.js';
import type { Terminal } from '../terminal.js';

/** What a format may use beside the report. */
export type FormatContext = {
  /** What the destination can display. */
  readonly terminal: Terminal;
  /** Fields of each run to print instead of the complete report: `--json id,state`. */
  readonly fields: readonly ReportField[] | undefined;
  /** A jq expression that filters the JSON. */
  readonly jq: string | undefined;
  /** Words the report as text; by default as `check` does. */
  readonly textOf: ((report: Report, terminal: Terminal) => string) | undefined;
};

/**
 * One format of a report. It renders what the report says: no verdict, label or threshold comes from a format.
 *
 * Each has a file in this folder, which is loaded only when the format is asked for, and an entry in `registry.ts`.
 */
export type ReportFormat = {
  /** The report in this format; ends with a line break unless it is empty. */
  readonly render: (report: Report, context: FormatContext) => string | Promise<string>;
  /**
   * Checks what a person wrote for it, before anything is read.
   *
   * @throws {UsageError} for what cannot work with any report.
   */
  readonly check?: (context: Omit<FormatContext, 'terminal' | 'textOf'>) => Promise<void>;
  /** Whether the text names the config and the policy in use; without it, stderr names them where they are unusual. */
  readonly namesBasis?: (context: FormatContext) => boolean;
};
