import type { Report } from '@tardy/core';
import type { GroupKey } from '../groups.js';
import type { ReportField } from '../report-fields.js';
import type { Terminal } from '../terminal.js';

/** What a format may use beside the report. */
export type FormatContext = {
  /** What the destination can display. */
  readonly terminal: Terminal;
  /** How many runs a format for people lists; programs get all. `undefined` for all. */
  readonly limit: number | undefined;
  /** What a format for people puts runs together by, instead of listing each. */
  readonly groupBy: GroupKey | undefined;
  /** The time zone of absolute times for people, an IANA name. */
  readonly timeZone: string;
  /** Fields of each run to print instead of the complete report: `--json id,state`. */
  readonly fields: readonly ReportField[] | undefined;
  /** A jq expression that filters the JSON. */
  readonly jq: string | undefined;
  /** The template that a person wrote. */
  readonly template: Template | undefined;
  /** Whether a text for people itself names what could not be read: where stderr does not stand beside it. */
  readonly complains: boolean;
  /** Words the report as text; by default as `check` does. */
  readonly textOf: ((report: Report, context: TextContext) => string) | undefined;
};

/** What the report as text depends on. */
export type TextContext = Pick<FormatContext, 'terminal' | 'limit' | 'groupBy' | 'complains'>;

/** A template for `--template`: its text, and its path for messages and for how it escapes. */
export type Template = { readonly path: string; readonly text: string };

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
  readonly check?: (context: Pick<FormatContext, 'jq' | 'template'>) => Promise<void>;
  /** Whether the text names the config and the policy in use; without it, stderr names them where they are unusual. */
  readonly namesBasis?: (context: FormatContext) => boolean;
  /** A text for the file that an environment variable names, where there is one: it is added at the end of that file. */
  readonly appends?: { readonly variable: string; readonly render: (report: Report, context: FormatContext) => string };
  /** The exit code for readers who expect codes of their own, where this format goes to stdout. */
  readonly exitCode?: (report: Report) => number;
};
