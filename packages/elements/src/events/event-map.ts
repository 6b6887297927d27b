import type { OpsAuthRequiredEvent } from './ops-auth-required.js';
import type { OpsErrorEvent } from './ops-error.js';
import type { OpsEvidenceCopiedEvent } from './ops-evidence-copied.js';
import type { OpsFilterChangeEvent } from './ops-filter-change.js';
import type { OpsNavigateEvent } from './ops-navigate.js';
import type { OpsPageChangeEvent } from './ops-page-change.js';
import type { OpsRunChangeEvent } from './ops-run-change.js';
import type { OpsScopeViolationEvent } from './ops-scope-violation.js';

/** The events of the elements by their names. */
export interface OpsEventMap {
  'ops-auth-required': OpsAuthRequiredEvent;
  'ops-error': OpsErrorEvent;
  'ops-evidence-copied': OpsEvidenceCopiedEvent;
  'ops-filter-change': OpsFilterChangeEvent;
  'ops-navigate': OpsNavigateEvent;
  'ops-page-change': OpsPageChangeEvent;
  'ops-run-change': OpsRunChangeEvent;
  'ops-scope-violation': OpsScopeViolationEvent;
}

declare global {
  interface HTMLElementEventMap extends OpsEventMap {}
  interface DocumentEventMap extends OpsEventMap {}
}
