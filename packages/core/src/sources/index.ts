export type * from './kinds.js';
export type {
  CiJob,
  Environment,
  GitRemote,
  HistoryFiles,
  OpenSource,
  RequestSigner,
  SignedRequest,
  SourceAdapter,
  SourceCapabilities,
  SourceDescriptor,
  SourceKind,
} from './descriptor.js';
export { configIssues, type ConfigIssue } from './config-issues.js';
export { firstSet } from './descriptor.js';
export { kindOfScheme, presetKinds, SOURCE_KINDS, sourceKind } from './registry.js';
export { DATABASE_SCHEMES, engineOf, isFile, type Engine } from './sql/engine.js';
export { databaseUrlProblem } from './sql/engine.js';
export { proposeMapping } from './sql/propose.js';
export { recognisePresets } from './sql/recognise.js';
export type { SqlBody } from './sql/reading/query.js';
export { meantUri, parseSourceUri, type SourceUri } from './source-uri.js';
export {
  SourceConfigError,
  SourceError,
  type RunVersion,
  type Source,
  type SourceErrorCode,
  type SourceFetch,
  type SourcePage,
  type SourceQuery,
  type SourceRequest,
  type SourceResponse,
} from './source.js';
export { readStored, storedSource, type StoredFormat, type StoredRuns } from './stored/source.js';
