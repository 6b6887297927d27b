/**
 * What a host, the command line and the elements may use of the domain: runs, policies, verdicts, their words and the report.
 *
 * Exported on purpose although nothing in this workspace uses them: the vocabularies (`HOLDS`, `FLAG_KINDS`, …), `RUN_LIMITS` and
 * `DEFAULT_FIELDS`, for hosts that write or check runs and policies, `presentationText`, for hosts without a page, and the types that the
 * signatures name.
 *
 * Not exported: the clocks behind a verdict (`explain` shows them), the layers and checks behind a policy, and the steps of a report,
 * a filter and a presentation, so that no surface derives a verdict or a word by itself.
 */
export {
  ACKNOWLEDGEMENT_FIELDS,
  compileAcknowledgements,
  isAcknowledgementField,
  type Acknowledged,
  type AcknowledgementEntry,
  type AcknowledgementMatch,
  type Acknowledgements,
} from './alerts/acknowledgements.js';
export { advanceAlerts, FORGET_AFTER_MS, type Advanced, type Observation } from './alerts/advance.js';
export {
  acknowledgementWords,
  dueCounts,
  dueWords,
  reasonTitle,
  recoveryWords,
  replacedWords,
  statusWords,
  VANISHED_WORDS,
} from './alerts/alert-words.js';
export {
  ALERT_LEVELS,
  ALERT_STATUSES,
  alertIdentity,
  alertRunOf,
  isFlapping,
  type Acknowledgement,
  type Alert,
  type AlertEnd,
  type AlertLevel,
  type AlertRun,
  type AlertStatus,
  type Delivery,
} from './alerts/alert.js';
export {
  deliveryTo,
  DUE_REASONS,
  dueFor,
  forgetEnded,
  markSent,
  UNREADABLE_AFTER_MS,
  type Due,
  type DueOptions,
  type DueReason,
  type Sent,
} from './alerts/due.js';
export {
  alertRunToWire,
  reportAcknowledgement,
  reportAlert,
  reportEnded,
  type ReportAcknowledgement,
  type ReportAcknowledgements,
  type ReportAlert,
  type ReportAlerts,
  type ReportEnded,
} from './alerts/report-alerts.js';
export { alertsFromWire, stateToWire, type AlertStateWire, type AlertWire } from './alerts/state.js';
export { observeSources, splitAlerts } from './alerts/unreadable.js';
export {
  classify,
  FRESHNESS_STATES,
  PROBLEM_CLASSES,
  type Freshness,
  type FreshnessState,
  type ProblemClass,
} from './classify.js';
export type { ClockName } from './run-clocks.js';
export { formatDuration, parseDuration, type DurationMs } from './duration.js';
export { explain, type ExplainedClock, type ExplainedThreshold, type Explanation } from './explain.js';
export { presentFigures, type Figure, type FigureOptions } from './figures.js';
export { ICON_GLYPHS, type IconName } from './icon.js';
export { FIRST_INSTANT, formatInstant, parseInstant, LAST_INSTANT } from './instant.js';
export { TOOK_SHARES, type Learned } from './learned.js';
export { matchesGlob, type Globs, type RunMatch } from './match.js';
export type { LabelKey, Messages, TimeName } from './messages.js';
export { en } from './messages/en.js';
export { enDetailMessages } from './messages/en-detail-messages.js';
export { enListMessages } from './messages/en-list-messages.js';
export { enPageMessages } from './messages/en-page-messages.js';
export { enSurfaces } from './messages/en-surfaces.js';
export {
  DEFAULT_FIELDS,
  PolicyError,
  type FilledPolicyDocument,
  type FlagEffect,
  type PolicyDocument,
  type PolicyFields,
  type PolicyIssue,
  type PolicyRule,
} from './policy-document.js';
export type { ThresholdName } from './policy-layers.js';
export { createPolicy, trustPolicy, type Policy } from './policy.js';
export { numberText } from './number-text.js';
export type { ProgressWords } from './present-progress.js';
export {
  present,
  presentationLines,
  presentationText,
  type Density,
  type Presentation,
  type PresentationLine,
  type PresentOptions,
} from './present.js';
export type { Elapsed } from './present-elapsed.js';
export type { Tone } from './present-label.js';
export {
  compareRuns,
  countTabs,
  DEFAULT_FILTER,
  FILTER_KEYS,
  filterFromSearch,
  filterToSearch,
  parseSort,
  passesFilter,
  queryRuns,
  severityOf,
  SORT_KEYS,
  TABS,
  type JudgedRun,
  type RunFilter,
  type SortKey,
  type Tab,
} from './query.js';
export {
  buildReport,
  reachesLevel,
  reportIssues,
  reportRun,
  type FailOn,
  type Report,
  type RecordedAlarm,
  type ReportInput,
  type ReportRecorded,
  type ReportRun,
  type ReportSource,
  type ReportTotals,
  type ReportVerdict,
  type ReportWorn,
} from './report.js';
export { readReport, type ReportContent } from './read-report.js';
export { alertsWords, droppedWords, unconfirmedWords, VERDICT_TONES, verdictWords } from './report-words.js';
export {
  FLAG_AUTHORS,
  FLAG_KINDS,
  HOLDS,
  INITIATOR_KINDS,
  isActive,
  mergeRuns,
  RUN_OUTCOMES,
  RUN_STATUSES,
  runKey,
  type Flag,
  type FlagAuthor,
  type FlagKind,
  type Hold,
  type InitiatorKind,
  type Instant,
  type Owner,
  type Progress,
  type Reconciliation,
  type Run,
  type RunOutcome,
  type RunStatus,
  type WaitsFor,
} from './run.js';
export { presentHistory, runHistory, type HistoryWords, type RunHistory } from './run-history.js';
export { formatSpan, remainingSpanChangesIn, spanChangesIn, type SpanUnits } from './span.js';
export { defaultThresholds, type Thresholds, type ThresholdSource } from './thresholds.js';
export type { FigureName, PageMessages, SurfaceMessages } from './surface-messages.js';
export {
  attentionList,
  countRun,
  emptyTotals,
  LATELY_MS,
  summarize,
  type OwnerTotals,
  type Summary,
  type Totals,
} from './summary.js';
export { absoluteTime, clockTime, presentTimes, relativeTime, type TimeOptions, type TimeWords } from './times.js';
export { parseRun, runToWire, type ParsedRun, type RunIssue } from './wire.js';
export { RUN_LIMITS } from './wire-fields.js';
