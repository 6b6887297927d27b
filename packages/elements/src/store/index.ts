export type { Fetcher } from './environment.js';
export { createOpsStore, sharedStore, type StoreOptions } from './open-store.js';
export type {
  ListenerInterest,
  OpsFailure,
  OpsStore,
  RunChange,
  StoreListener,
  StoreRun,
  StoreStats,
  StoreView,
  ViewPhase,
} from './ops-store.js';
export { configureOps, forgetOps, type OpsLimits } from './page.js';
export { ReportStore, type ReportStoreOptions } from './report-store.js';
