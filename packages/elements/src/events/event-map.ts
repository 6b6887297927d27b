import type { OpsAuthRequiredEvent } from './ops-auth-required.js';
import type { OpsErrorEvent } from './ops-error.js';
import type { OpsNavigateEvent } from './ops-navigate.js';
import type { OpsRunChangeEvent } from './ops-run-change.js';
import type { OpsScopeViolationEvent } from './ops-scope-violation.js';

declare global {
  interface HTMLElementEventMap {
    'ops-auth-required': OpsAuthRequiredEvent;
    'ops-error': OpsErrorEvent;
    'ops-navigate': OpsNavigateEvent;
    'ops-run-change': OpsRunChangeEvent;
    'ops-scope-violation': OpsScopeViolationEvent;
  }
  interface DocumentEventMap {
    'ops-auth-required': OpsAuthRequiredEvent;
    'ops-error': OpsErrorEvent;
    'ops-navigate': OpsNavigateEvent;
    'ops-run-change': OpsRunChangeEvent;
    'ops-scope-violation': OpsScopeViolationEvent;
  }
}
