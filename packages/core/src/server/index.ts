export { REQUEST_LIMITS } from './list-parameters.js';
export { memoryStore, type MemoryStore } from './memory-store.js';
export { createRunApi, type RunApiOptions } from './run-api.js';
export type {
  EventPlace,
  Position,
  RunReference,
  RunStore,
  StoreContext,
  StoredRun,
  StoredSummary,
  StoreEvent,
  StoreFilter,
  StorePage,
  StoreQuery,
  SummaryQuery,
} from './run-store.js';
export { inScope, type Membership, type Scope, type Viewer } from './viewer.js';
