export { assertNever } from './assert-never.js';
export {
  classify,
  FRESHNESS_STATES,
  PROBLEM_CLASSES,
  problemClassOf,
  type Freshness,
  type FreshnessState,
  type ProblemClass,
} from './classify.js';
export type { ClockName } from './clocks.js';
export { formatDuration, parseDuration, type DurationMs } from './duration.js';
export { explain, type ExplainedClock, type ExplainedThreshold, type Explanation } from './explain.js';
export { presentFigures, type Figure, type FigureOptions } from './figures.js';
export { ICON_GLYPHS, type IconName } from './icon.js';
export { formatInstant, parseInstant } from './instant.js';
export { matchesGlob, type Globs, type RunMatch } from './match.js';
export type { LabelKey, Messages, TimeName } from './messages.js';
export { en } from './messages/en.js';
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
export { createPolicy, trustPolicy, type Policy, type Thresholds } from './policy.js';
export { numberText } from './number-text.js';
export { presentProgress, type ProgressWords } from './present-progress.js';
export {
  present,
  presentationLines,
  presentationText,
  type Density,
  type Elapsed,
  type Presentation,
  type PresentationLine,
  type PresentOptions,
  type Tone,
} from './present.js';
export {
  compareRuns,
  countTabs,
  DEFAULT_FILTER,
  FILTER_KEYS,
  filterFromSearch,
  filterToSearch,
  onTab,
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
  exitCodeOf,
  reachesLevel,
  reportIssues,
  reportRun,
  verdictOf,
  type FailOn,
  type Report,
  type ReportInput,
  type ReportRun,
  type ReportSource,
  type ReportTotals,
  type ReportVerdict,
} from './report.js';
export { readReport, type ReportContent } from './read-report.js';
export { droppedWords, unconfirmedWords, VERDICT_TONES, verdictWords } from './report-words.js';
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
export { formatSpan, remainingSpanChangesIn, spanChangesIn, type SpanUnits } from './span.js';
export type { FigureName, SurfaceMessages } from './surface-messages.js';
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
export { isWebUrl, parseRun, RUN_LIMITS, runToWire, type ParsedRun, type RunIssue } from './wire.js';
