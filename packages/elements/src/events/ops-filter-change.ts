import type { RunFilter } from '@tardy/core';

/** The viewer wants another slice of the list. A host that keeps the filter itself prevents this and sets `filter`. */
export class OpsFilterChangeEvent extends Event {
  static readonly type = 'ops-filter-change';
  readonly filter: RunFilter;
  /** The filter as the query of a link. */
  readonly search: string;

  constructor(filter: RunFilter, search: string) {
    super(OpsFilterChangeEvent.type, { bubbles: true, composed: true, cancelable: true });
    this.filter = filter;
    this.search = search;
  }
}
