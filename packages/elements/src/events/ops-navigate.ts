import type { Run, RunFilter } from '@tardy/core';

/** Where a link leads: a slice of the list, or one run. */
export type NavigationTarget =
  | { readonly kind: 'list'; readonly filter: RunFilter; readonly search: string }
  | { readonly kind: 'run'; readonly run: Run };

/** A link was followed. A host with its own router prevents the default and navigates to `destination` itself. */
export class OpsNavigateEvent extends Event {
  static readonly type = 'ops-navigate';
  readonly destination: NavigationTarget;
  readonly href: string;

  constructor(destination: NavigationTarget, href: string) {
    super(OpsNavigateEvent.type, { bubbles: true, composed: true, cancelable: true });
    this.destination = destination;
    this.href = href;
  }
}
